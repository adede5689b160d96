// Locked dependencies: installed when missing or when the lock file changed since the last install.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './paths.mjs'
import { Stop, step } from './say.mjs'

const NO_NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|EHOSTUNREACH|network/i
const UNREACHABLE =
  'the dependencies could not be downloaded: no connection to the npm registry; check the network or proxy and run the command again.'

const OLDEST_NODE = [20, 9]

/** Stops with a sentence when this Node cannot run Heddle. */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    throw new Stop(
      `Node ${version} is too old; install Node ${OLDEST_NODE.join('.')} or newer and run the command again.`,
    )
  }
}

/**
 * Installs what the lock file says, unless the installed tree already belongs to it and to this Node.
 * Not `npm ci`: that refuses a lock file which lacks other platforms' optional binaries, as a lock file made
 * behind a registry without them does. `npm install` takes every locked version and leaves the lock file alone.
 */
export async function installDependencies() {
  const stamp = join(root, 'node_modules', '.heddle-install')
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.versions.modules)
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  await step('Installing locked dependencies', () => {
    // npm itself asks again for each of a thousand packages: without network that takes hours to fail
    const reached = npm(['ping', '--fetch-retries=0', '--fetch-timeout=10000'])
    const offline = reached.status !== 0 && NO_NETWORK.test(reached.stderr ?? '')
    const run = npm(['install', '--no-save', '--no-audit', '--no-fund', ...(offline ? ['--offline'] : [])])
    if (run.status !== 0)
      throw new Stop(offline ? UNREACHABLE : explainInstall(run.error?.message ?? run.stderr))
  })
  writeFileSync(stamp, wanted)
}

function npm(args) {
  return spawnSync('npm', [...args, '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'development' },
    shell: process.platform === 'win32',
  })
}

/** One sentence out of npm's many. */
function explainInstall(output) {
  if (NO_NETWORK.test(output)) return UNREACHABLE
  const line =
    output.split('\n').find((text) => /npm (error|ERR!)/.test(text)) ?? output.trim().split('\n').at(-1)
  return `the dependencies could not be installed (${line?.replace(/^npm (error|ERR!) ?/, '') || 'npm install failed'}); run "npm install" to see all of npm's output.`
}
