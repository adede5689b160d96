/** Widths of texts on the canvas, measured once each. */

const SANS = "'Inter Variable', system-ui, sans-serif"

export const FONTS = {
  name: `600 12px ${SANS}`,
  version: `500 11px ${SANS}`,
  figures: `500 10.5px ${SANS}`,
  title: `600 12px ${SANS}`,
} as const
export type FontName = keyof typeof FONTS

export const LINE_HEIGHT = { name: 15, version: 14, figures: 14 } as const

const widths = new Map<string, number>()
// names repeat, figures do not: a cap keeps a page that runs for weeks small
const MAX_WIDTHS = 20_000
let context: CanvasRenderingContext2D | null | undefined

export function textWidth(text: string, font: FontName): number {
  const key = `${font} ${text}`
  const known = widths.get(key)
  if (known !== undefined) return known
  context ??= document.createElement('canvas').getContext('2d')
  if (!context) return text.length * 7
  context.font = FONTS[font]
  const width = context.measureText(text).width
  if (widths.size > MAX_WIDTHS) widths.clear()
  widths.set(key, width)
  return width
}

/** After the web font has arrived, widths measured with its stand-in are wrong. */
export async function fontsReady(): Promise<void> {
  await Promise.all(Object.values(FONTS).map((font) => document.fonts.load(font)))
  widths.clear()
}

const MAX_NAME = 168

/** A long name shortened in the middle, where names differ least. */
export function shortName(text: string): string {
  if (textWidth(text, 'name') <= MAX_NAME) return text
  const keep = Math.floor((text.length * MAX_NAME) / textWidth(text, 'name')) - 1
  const tail = Math.floor(keep * 0.45)
  return `${text.slice(0, keep - tail)}…${text.slice(text.length - tail)}`
}
