import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { WITH_SOCKETS } from '@/vitest.config'

const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).split('\n').filter(Boolean)

describe('the repository', () => {
  it('locks dependencies by integrity, not by the address they came from', () => {
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { resolved?: string; integrity?: string }>
    }
    for (const [name, entry] of Object.entries(lock.packages)) {
      expect(entry.resolved, name).toBeUndefined()
      if (name !== '') expect(entry.integrity, name).toBeDefined()
    }
  })

  it('keeps its top level to what the design names and tools insist on', () => {
    const top = new Set(tracked.map((path) => path.split('/')[0]))
    const allowed = [
      ...['app', 'components', 'lib', 'public', 'tests', 'docs', 'deploy', 'scripts', '.ci'],
      ...['package.json', 'package-lock.json', 'tsconfig.json', 'next.config.js', 'playwright.config.ts'],
      ...['README.md', 'LICENSE', 'CONTRIBUTING.md', '.gitignore', '.npmrc'],
      // where these tools look for their configuration
      ...['eslint.config.mjs', '.prettierrc.json', '.prettierignore', '.dependency-cruiser.cjs', 'knip.json'],
      ...['vitest.config.ts', 'postcss.config.mjs', 'instrumentation.ts', 'proxy.ts'],
    ]
    expect([...top].filter((name) => name !== undefined && !allowed.includes(name))).toEqual([])
  })

  it('keeps unit tests that open sockets apart from those that share a process', () => {
    const opening = tracked.filter(
      (path) =>
        /^(lib|components|scripts)\/.*\.test\.tsx?$/.test(path) &&
        /from '(node:(http|https|net)|@\/tests\/support\/(serve-in-test|loopback))'/.test(
          readFileSync(path, 'utf8'),
        ),
    )
    expect(opening.length).toBeGreaterThan(0)
    expect(opening.filter((path) => !WITH_SOCKETS.some((place) => path.startsWith(place)))).toEqual([])
  })

  it('says where each fixture came from', () => {
    const fixtures = tracked.filter(
      (path) => path.startsWith('tests/fixtures/') && !path.endsWith('README.md'),
    )
    for (const path of fixtures) {
      const readme = join(dirname(path), 'README.md')
      const sourced = existsSync(readme) || /^(#|\/\/|\/\*|--)/.test(readFileSync(path, 'utf8'))
      expect(sourced, `${path} has no first comment line and no README.md beside it`).toBe(true)
    }
  })

  it.each(tracked.filter((path) => /^(README|CONTRIBUTING|docs\/[\w/-]+)\.md$/.test(path)))(
    '%s sends nobody to a place that is not there',
    (path) => {
      const text = readFileSync(path, 'utf8')
      const named = [...text.matchAll(/`((?:app|components|lib|tests|scripts|docs|deploy)\/[\w./()[\]-]+)`/g)]
      const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)]
      const places = [
        ...named.map(([, name = '']) => name),
        ...linked.map(([, address = '']) => join(dirname(path), address)),
      ]
      expect(places.filter((place) => !existsSync(place) && !existsSync(`${place}.ts`))).toEqual([])
    },
  )
})
