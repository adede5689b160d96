// The real programs the tests use: Debian's Chromium and Prometheus, and kubectl.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Stop, step } from './say.mjs'

/** What each part of the tests needs: a program on the PATH and the Debian package that brings it. */
export const PROGRAMS = {
  chromium: { program: 'chromium', package: 'chromium' },
  prometheus: { program: 'prometheus', package: 'prometheus' },
  kubectl: { program: 'kubectl', package: 'kubernetes-client' },
}

/** Installs the missing programs through apt when possible, else stops and says what to install. */
export async function requirePrograms(names) {
  const missing = names.filter((name) => !isOnPath(PROGRAMS[name].program))
  if (missing.length === 0) return
  const packages = missing.map((name) => PROGRAMS[name].package)
  const advice = `install them (Debian: apt-get install ${packages.join(' ')}), or leave those tests out: npm test -- --without=${missing.join(',')}`
  if (!isOnPath('apt-get') || process.getuid?.() !== 0) {
    throw new Stop(`the tests need ${missing.join(' and ')}; ${advice}`)
  }
  await step(`Installing Debian packages ${packages.join(', ')}`, () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env }
    spawnSync('apt-get', ['update', '-qq'], quiet)
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet)
  })
  const still = missing.filter((name) => !isOnPath(PROGRAMS[name].program))
  if (still.length > 0)
    throw new Stop(`apt could not install what the tests need (${still.join(', ')}); ${advice}`)
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
