// The production build: made when missing or when any source it is made from has changed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './paths.mjs'
import { Stop, step } from './say.mjs'
import { shareChunks } from './share-chunks.mjs'

const SOURCES = ['app', 'components', 'lib', 'public']
const SOURCE_FILES = [
  'next.config.js',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
  'instrumentation.ts',
  'proxy.ts',
]

const distDir = () => join(root, process.env.HEDDLE_DIST_DIR ?? '.next')

/** Builds unless the present build was made from these very sources. */
export async function buildWhenStale() {
  const stamp = join(distDir(), 'heddle-build')
  const wanted = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  await step('Building (about a minute the first time)', async () => {
    await build()
    for (const chunks of ['server/chunks', 'server/chunks/ssr']) shareChunks(join(distDir(), chunks))
  })
  mkdirSync(distDir(), { recursive: true })
  writeFileSync(stamp, wanted)
}

function build() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'build'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    })
    let output = ''
    const keep = (chunk) => {
      output += chunk
      // progress without the route table
      for (const line of String(chunk).split('\n')) {
        if (
          /(Compiled|Compiling|Running TypeScript|Creating|Collecting|Generating|Finalizing|Finished)/.test(
            line,
          )
        ) {
          process.stdout.write(`  ${line.trim()}\n`)
        }
      }
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) return resolve()
      process.stderr.write(output)
      reject(new Stop('the build failed; the compiler’s output is above.'))
    })
  })
}

/** One hash over names and contents of everything the build reads. */
function fingerprint() {
  const hash = createHash('sha256')
  for (const file of [...SOURCES.flatMap((folder) => filesBelow(folder)), ...SOURCE_FILES]) {
    const path = join(root, file)
    if (!existsSync(path)) continue
    hash.update(file).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

function filesBelow(folder) {
  const top = join(root, folder)
  if (!existsSync(top)) return []
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort()
}
