// npm run bench: the benchmark of docs/benchmarks.md, on the production build; `-- lists traces` measures some parts.
import { buildWhenStale } from './steps/build.mjs'
import { requirePrograms } from './steps/debian.mjs'
import { installDependencies, requireNode } from './steps/install.mjs'
import { runProgram } from './steps/program.mjs'
import { runMain } from './steps/say.mjs'

await runMain(async () => {
  requireNode()
  await installDependencies()
  await requirePrograms(['chromium', 'prometheus'])
  await buildWhenStale()
  runProgram('tests/bench/main.ts')
})
