import { ABSENT, isMeasured } from './number'

/**
 * A ratio 0..1 as a percentage: one decimal below 10, none above: `0 %`, `0.3 %`, `12 %`, `100 %`.
 * What is not nothing never reads as nothing (`<0.1 %`), what is not all never reads as all (`>99 %`).
 */
export function formatRatio(ratio: number | null | undefined): string {
  if (!isMeasured(ratio)) return ABSENT
  const percent = ratio * 100
  if (percent === 0) return '0 %'
  if (percent > 0 && percent < 0.1) return '<0.1 %'
  if (Math.abs(percent) < 9.95) return `${trimZero(percent.toFixed(1))} %`
  if (percent >= 99.5 && percent < 100) return '>99 %'
  return `${percent.toFixed(0)} %`
}

function trimZero(text: string): string {
  return text.endsWith('.0') ? text.slice(0, -2) : text
}
