/** What a reader waits for before a page answers: the scripts its document names. */
import { gzipSync } from 'node:zlib'

/** Kilobytes (1,000 bytes), as they go over the wire; what is loaded later (canvas, charts, editor) is not in it. */
export async function firstLoadKb(pageUrl: string): Promise<number> {
  const html = await (await fetch(pageUrl)).text()
  const scripts = new Set(
    [...html.matchAll(/(?:src|href)="(\/_next\/[^"]+\.js)[^"]*"/g)].map((hit) => hit[1]),
  )
  if (scripts.size < 3) throw new Error(`${pageUrl} names only ${scripts.size} scripts: is it a page?`)
  const sizes = await Promise.all(
    [...scripts].map(async (src) => {
      const body = await (await fetch(new URL(src as string, pageUrl))).arrayBuffer()
      return gzipSync(Buffer.from(body)).byteLength
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0) / 1000
}
