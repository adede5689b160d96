// Steps of `npm test` and `npm run check`: what each runs and how its result is counted.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './paths.mjs'
import { seconds } from './say.mjs'

/** A static check counts as one test. */
const check = (title, ...command) => ({ title, command, count: countExitCode })
/** Vitest and Playwright count their own tests in a JSON report. */
const vitest = (title, projects = title) => ({
  title: `${title} tests`,
  command: [
    'vitest',
    'run',
    '--project',
    projects,
    '--reporter',
    'dot',
    '--reporter',
    'json',
    '--outputFile.json=REPORT',
  ],
  count: countVitest,
})

export const STATIC_STEPS = [
  check('types', 'tsc', '--noEmit', '-p', '.'),
  check(
    'lint',
    'eslint',
    '--cache',
    '--cache-location',
    'node_modules/.cache/eslint/',
    '--max-warnings',
    '0',
    '.',
  ),
  check('format', 'prettier', '--check', '--cache', '--log-level', 'warn', '.'),
  check('import directions', 'depcruise', '--config', '.dependency-cruiser.cjs', 'app', 'components', 'lib'),
  check('unused code', 'knip', '--no-progress'),
]
export const UNIT_STEPS = [vitest('unit', 'unit*'), vitest('guards')]
export const INTEGRATION_STEPS = [vitest('integration')]
export const BROWSER_STEPS = [
  { title: 'browser tests', command: ['playwright', 'test', '--reporter=line,json'], count: countPlaywright },
]

/**
 * Runs the steps in order, at most `atOnce` at a time, and prints the output of those that fail.
 * Answers the summed counts.
 */
export async function runSteps(steps, { atOnce = 1, env = {} } = {}) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  const queue = [...steps]
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const counts = await runStep(next, env)
      for (const key of Object.keys(total)) total[key] += counts[key]
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return total
}

async function runStep({ title, command, count }, env) {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-test-'))
  const report = join(folder, 'report.json')
  const [program, ...args] = command.map((word) => word.replace('REPORT', report))
  const begun = performance.now()
  const { code, output } = await run(join(root, 'node_modules', '.bin', program), args, {
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  })
  const counts = count(code, readReport(report))
  rmSync(folder, { recursive: true, force: true })
  const failed = counts.failed > 0
  console.log(`${failed ? '✗' : '✓'} ${title} (${seconds(performance.now() - begun)}, ${describe(counts)})`)
  if (failed) console.log(output.replace(/^/gm, '  │ '))
  return counts
}

function run(program, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

function countExitCode(code) {
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
}

function countVitest(code, report) {
  const passed = report?.numPassedTests ?? 0
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0)
  const failed = report?.numFailedTests ?? 0
  return atLeastOneFailure(code, { passed, failed, skipped })
}

function countPlaywright(code, report) {
  const { expected = 0, flaky = 0, unexpected = 0, skipped = 0 } = report?.stats ?? {}
  return atLeastOneFailure(code, { passed: expected + flaky, failed: unexpected, skipped })
}

/** A runner that failed outside any test (a broken file, no test found) is a failure too. */
function atLeastOneFailure(code, counts) {
  const nothingRan = counts.passed + counts.failed + counts.skipped === 0
  return (code !== 0 || nothingRan) && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

/** `N passed, N failed, N skipped` */
export function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}
