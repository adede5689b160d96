// npm run pictures: docs/screenshots and docs/tour.md, from the production build; `-- overview graph` takes some.
import { buildWhenStale } from './steps/build.mjs'
import { requirePrograms } from './steps/debian.mjs'
import { installDependencies, requireNode } from './steps/install.mjs'
import { runProgram } from './steps/program.mjs'
import { runMain } from './steps/say.mjs'

await runMain(async () => {
  requireNode()
  await installDependencies()
  await requirePrograms(['chromium'])
  await buildWhenStale()
  runProgram('tests/pictures/main.ts')
})
