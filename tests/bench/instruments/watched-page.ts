/** A page that counts what blocks it, and how it scrolls. */
import { setTimeout as delay } from 'node:timers/promises'
import { chromium, type Browser, type Page } from '@playwright/test'
import config from '@/playwright.config'

const MOVED_MS = 2_000
/** A browser that computes less than that in a tenth of a second has nothing to do. */
const QUIET_MS = 5
const LOOK_MS = 100
const WHEEL_PX = 400

export function launch(): Promise<Browser> {
  return chromium.launch({ ...config.use?.launchOptions, headless: true })
}

/**
 * A page in a window that is ready: into each new one Chromium loads pages of its own toolbar, half a second of work that
 * is over where somebody follows a link. Long tasks of the main thread are kept on `window.longTasks`.
 */
export async function watchedPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  // tsx names functions by a helper that the browser does not have
  await page.addInitScript('globalThis.__name = (named) => named')
  await page.addInitScript(() => {
    const tasks: { start: number; duration: number }[] = []
    Object.assign(window, { longTasks: tasks })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) tasks.push({ start: entry.startTime, duration: entry.duration })
    }).observe({ type: 'longtask', buffered: true })
  })
  await untilQuiet(browser)
  return page
}

/** Waits until the browser has computed next to nothing five times in a row. */
async function untilQuiet(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession()
  const computedMs = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0)
  }
  let before = await computedMs()
  for (let quiet = 0; quiet < 5;) {
    await delay(LOOK_MS)
    const now = await computedMs()
    quiet = now - before < QUIET_MS ? quiet + 1 : 0
    before = now
  }
  await session.detach()
}

/** Longest task of the main thread that began at or after `since` (performance.now of the page), in milliseconds. */
export function longestTask(page: Page, since: number): Promise<number> {
  return page.evaluate((start) => {
    const { longTasks } = window as unknown as { longTasks: { start: number; duration: number }[] }
    return Math.max(0, ...longTasks.filter((task) => task.start >= start).map((task) => task.duration))
  }, since)
}

/** Milliseconds from the navigation to the first frame in which `selector` is there, by the page's own clock. */
export async function untilShown(page: Page, url: string, selector: string): Promise<number> {
  await page.goto(url, { waitUntil: 'commit' })
  await page.waitForSelector(selector, { timeout: 60_000 })
  return nextFrame(page)
}

/** The page's own clock once the frame of what is there now has been drawn. */
export function nextFrame(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now()))),
      ),
  )
}

/** Frames per second and the longest task while `move`, called again and again, moves what is drawn for two seconds. */
export async function movedPage(
  page: Page,
  move: (step: number) => Promise<void>,
): Promise<{ fps: number; longestMs: number }> {
  const since = await page.evaluate(() => performance.now())
  const frames = page.evaluate(
    (lasting) =>
      new Promise<number>((resolve) => {
        let count = 0
        const begun = performance.now()
        const frame = () => {
          count += 1
          if (performance.now() - begun < lasting) requestAnimationFrame(frame)
          else resolve(count / ((performance.now() - begun) / 1000))
        }
        requestAnimationFrame(frame)
      }),
    MOVED_MS,
  )
  const end = performance.now() + MOVED_MS
  for (let step = 0; performance.now() < end; step += 1) await move(step)
  const fps = await frames
  return { fps, longestMs: await longestTask(page, since) }
}

/** The same while the wheel turns over `selector`. */
export async function scrolled(page: Page, selector: string): Promise<{ fps: number; longestMs: number }> {
  const box = await page.locator(selector).first().boundingBox()
  if (!box) throw new Error(`${selector} has no size`)
  await page.mouse.move(box.x + box.width / 2, box.y + Math.min(box.height / 2, 400))
  return movedPage(page, () => page.mouse.wheel(0, WHEEL_PX))
}
