import type { Browser } from '@playwright/test'
import { settled } from './settled'
import { addressOf, type Facts, type View } from './view'

/** Of 100: text keeps its edges, and a page is 60 kB rather than 250. */
const QUALITY = 82

export interface Look {
  scheme: 'light' | 'dark'
  size: { width: number; height: number }
}

/** A picture of a view, WebP, of what the window shows. Times are of UTC. */
export async function takePicture(
  browser: Browser,
  url: string,
  view: View,
  facts: Facts,
  { scheme, size }: Look,
): Promise<Buffer> {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: scheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  try {
    const page = await context.newPage()
    await page.addInitScript('globalThis.__name = (named) => named')
    await page.goto(url + addressOf(view, facts))
    await settled(page)
    if (view.act) {
      await view.act(page)
      await settled(page)
    }
    const session = await context.newCDPSession(page)
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY })
    return Buffer.from(data, 'base64')
  } finally {
    await context.close()
  }
}
