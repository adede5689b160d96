import { firstLoadKb } from '../support/first-load'
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
