import type { HealthStatus } from '@/lib/api/schemas/common'

/** The colours of the page as the canvas needs them; `globals.css` is their one source. */
export interface Palette {
  text: string
  textQuiet: string
  textFaint: string
  surface: string
  canvas: string
  dot: string
  line: string
  node: string
  nodeLine: string
  glyph: string
  accent: string
  box: string
  boxLine: string
  boxTitle: string
  appBox: string
  appBoxLine: string
  clientError: string
  edgeIdle: string
  edgeHealthy: string
  mark: Record<HealthStatus, string>
  word: Record<HealthStatus, string>
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const of = (name: string) => style.getPropertyValue(`--hd-${name}`).trim()
  return {
    text: of('text'),
    textQuiet: of('text-2'),
    textFaint: of('text-3'),
    surface: of('surface'),
    canvas: of('canvas'),
    dot: of('canvas-dot'),
    line: of('line'),
    node: of('node'),
    nodeLine: of('node-line'),
    glyph: of('glyph'),
    accent: of('accent'),
    box: of('box'),
    boxLine: of('box-line'),
    boxTitle: of('box-title'),
    appBox: of('app-box'),
    appBoxLine: of('app-box-line'),
    clientError: of('client-error'),
    edgeIdle: of('edge-idle'),
    edgeHealthy: of('edge'),
    mark: {
      healthy: of('healthy'),
      degraded: of('degraded'),
      failing: of('failing'),
      idle: of('idle'),
      unknown: of('idle'),
    },
    word: {
      healthy: of('healthy-text'),
      degraded: of('degraded-text'),
      failing: of('failing-text'),
      idle: of('idle-text'),
      unknown: of('idle-text'),
    },
  }
}

/** Colour of a line of the graph. */
export function edgeColor(palette: Palette, status: HealthStatus): string {
  if (status === 'healthy') return palette.edgeHealthy
  if (status === 'degraded' || status === 'failing') return palette.mark[status]
  return palette.edgeIdle
}
