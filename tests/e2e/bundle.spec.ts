import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { firstLoadKb } from '../support/heddle/first-load'
import { expect, test } from './fixtures'

const FIRST_LOAD_BUDGET_KB = 335

const PAGES = [
  '/overview',
  '/graph',
  '/workloads',
  '/routing/east/bookinfo/reviews',
  '/mutual-tls',
  '/config',
  '/changes',
  '/traces',
]
/** what leads all traffic back to the baseline is there at once, whatever happens to the network then */
const EMERGENCY = { path: '/traffic-shifting', budgetKb: 350 }

test('the first load of every page stays within its budget of script', async ({ heddle }) => {
  for (const path of PAGES) {
    expect(await firstLoadKb(`${heddle.url}${path}`), path).toBeLessThan(FIRST_LOAD_BUDGET_KB)
  }
  expect(await firstLoadKb(heddle.url + EMERGENCY.path)).toBeLessThan(EMERGENCY.budgetKb)
})

test('the server keeps no code twice', () => {
  const folder = join(process.env.HEDDLE_DIST_DIR ?? '.next', 'server/chunks')
  const names = readdirSync(folder).filter((name) => name.endsWith('.js'))
  const codes = names
    .map((name) => readFileSync(join(folder, name), 'utf8').replace(/\n\/\/# sourceMappingURL=.*/, ''))
    // of less than that copies cost nothing
    .filter((code) => code.length > 2_000)
  expect(codes.length).toBeGreaterThan(10)
  expect(new Set(codes).size).toBe(codes.length)
})
