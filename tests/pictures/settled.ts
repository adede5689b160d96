import type { Page } from '@playwright/test'

const STILL_MS = 700
const WITHIN_MS = 20_000

/** Waits until nothing loads any more. */
export async function loaded(page: Page, timeout = WITHIN_MS): Promise<void> {
  await page.waitForFunction(
    () =>
      document.readyState === 'complete' &&
      document.querySelector('main') !== null &&
      document.querySelector('[aria-busy]:not([aria-busy="false"])') === null &&
      document.querySelector('.mantine-Skeleton-root') === null &&
      document.querySelector('[data-testid="graph-canvas"][data-drawn="0"]') === null,
    undefined,
    { timeout },
  )
  await page.evaluate(() => document.fonts.ready)
}

/** Waits until nothing loads any more and what is drawn has stayed the same for a while. */
export async function settled(page: Page): Promise<void> {
  await loaded(page)
  const deadline = Date.now() + WITHIN_MS / 4
  let before = ''
  for (let same = 0; same < 2 && Date.now() < deadline;) {
    // ages count up, which is no change
    const now = await page.evaluate(() => document.body.innerText.replace(/\d+/g, '#'))
    same = now === before ? same + 1 : 0
    before = now
    await page.waitForTimeout(STILL_MS / 2)
  }
  // what was still may have begun to load what comes next, such as a layout
  await loaded(page)
}
