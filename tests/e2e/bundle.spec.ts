import { gzipSync } from 'node:zlib'
import { expect, test } from './fixtures'

/** Kilobytes, as they go over the wire; what is lazily loaded later (canvas, charts, editor) is not in it. */
const FIRST_LOAD_BUDGET_KB = 335

for (const path of ['/graph', '/workloads']) {
  test(`the first load of ${path} stays within its budget of script`, async ({ request }) => {
    const html = await (await request.get(path)).text()
    const scripts = new Set(
      [...html.matchAll(/(?:src|href)="(\/_next\/[^"]+\.js)[^"]*"/g)].map((hit) => hit[1]),
    )
    expect(scripts.size).toBeGreaterThan(3)
    const sizes = await Promise.all(
      [...scripts].map(async (src) => gzipSync(await (await request.get(src as string)).body()).byteLength),
    )
    const kilobytes = sizes.reduce((sum, size) => sum + size, 0) / 1000
    expect(kilobytes).toBeLessThan(FIRST_LOAD_BUDGET_KB)
  })
}
