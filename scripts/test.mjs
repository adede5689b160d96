// npm test: installs what it needs, runs everything, ends with one summary line.
//   npm test -- --without=chromium,prometheus   leaves out what needs these programs; the summary says so
// npm run check: the quick subset (--quick).
import { buildWhenStale } from './steps/build.mjs'
import { PROGRAMS, requirePrograms } from './steps/debian.mjs'
import { installDependencies, requireNode } from './steps/install.mjs'
import { runMain } from './steps/say.mjs'
import {
  BROWSER_STEPS,
  describe,
  INTEGRATION_STEPS,
  runSteps,
  STATIC_STEPS,
  UNIT_STEPS,
} from './steps/suite.mjs'

const quick = process.argv.includes('--quick')
const without = readWithout(process.argv)

await runMain(async () => {
  requireNode()
  await installDependencies()
  const env = { HEDDLE_TEST_WITHOUT: without.join(',') }
  const results = []

  if (quick) {
    results.push(await runSteps([...STATIC_STEPS, ...UNIT_STEPS], { atOnce: 2, env }))
  } else {
    await requirePrograms(Object.keys(PROGRAMS).filter((name) => !without.includes(name)))
    results.push(await runSteps([...STATIC_STEPS, ...UNIT_STEPS], { atOnce: 2, env }))
    results.push(await runSteps(INTEGRATION_STEPS, { env }))
    if (!without.includes('chromium')) {
      await buildWhenStale()
      results.push(await runSteps(BROWSER_STEPS, { env }))
    }
  }

  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const counts of results) for (const key of Object.keys(total)) total[key] += counts[key]
  if (without.length > 0) console.log(`Left out on request: everything that needs ${without.join(', ')}.`)
  console.log(describe(total))
  process.exit(total.failed > 0 ? 1 : 0)
})

function readWithout(args) {
  const names = args
    .filter((arg) => arg.startsWith('--without='))
    .flatMap((arg) => arg.slice('--without='.length).split(','))
    .filter(Boolean)
  const wrong = names.find((name) => !(name in PROGRAMS))
  if (wrong) {
    console.error(
      `heddle: --without=${wrong} names nothing the tests use; choose from ${Object.keys(PROGRAMS).join(', ')}.`,
    )
    process.exit(1)
  }
  return names
}
