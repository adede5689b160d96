import { firstLoadKb } from '../support/first-load'
import { expect, test } from './fixtures'

const FIRST_LOAD_BUDGET_KB = 335

const PAGES = ['/overview', '/graph', '/workloads', '/traffic-shifting', '/mutual-tls', '/config', '/changes']

test('the first load of every page stays within its budget of script', async ({ heddle }) => {
  for (const path of PAGES) {
    expect(await firstLoadKb(`${heddle.url}${path}`), path).toBeLessThan(FIRST_LOAD_BUDGET_KB)
  }
})
