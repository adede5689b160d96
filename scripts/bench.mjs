// npm run bench: the benchmark of docs/benchmarks.md, on the production build; `-- lists traces` measures some parts.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildWhenStale } from './steps/build.mjs'
import { requirePrograms } from './steps/debian.mjs'
import { installDependencies, requireNode } from './steps/install.mjs'
import { root } from './steps/paths.mjs'
import { runMain } from './steps/say.mjs'

await runMain(async () => {
  requireNode()
  await installDependencies()
  await requirePrograms(['chromium', 'prometheus'])
  await buildWhenStale()
  // the condition lets tests import what is marked as server-only
  const args = [
    '--conditions=react-server',
    '--import',
    'tsx',
    join(root, 'tests/bench/main.ts'),
    ...process.argv.slice(2),
  ]
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
  child.on('exit', (code) => process.exit(code ?? 1))
})
