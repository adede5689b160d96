import { formatSample } from '@/lib/demo/prometheus/promql/format'

/**
 * The part of Go's templates that alert texts use: `{{ $labels.name }}`, `{{ $value }}`, and a value put through
 * `humanize`, `humanizePercentage`, `humanizeDuration` or `printf "%.2f"`. Anything else stays as it is written.
 */
export function expandTemplate(
  text: string,
  labels: Readonly<Record<string, string>>,
  value: number,
): string {
  return text.replace(/\{\{-?\s*(.*?)\s*-?\}\}/g, (whole, inner: string) => {
    const label = /^(?:\$labels|\.Labels)\.(\w+)$/.exec(inner)
    if (label) return labels[label[1] ?? ''] ?? ''
    if (/^(?:\$value|\.Value)$/.test(inner)) return formatSample(value)
    const printed = /^printf\s+"%\.(\d)f"\s+\$value$|^\$value\s*\|\s*printf\s+"%\.(\d)f"$/.exec(inner)
    if (printed) return value.toFixed(Number(printed[1] ?? printed[2]))
    const piped = /^(?:\$value\s*\|\s*(\w+)|(\w+)\s+\$value)$/.exec(inner)
    const format = FORMATS[piped?.[1] ?? piped?.[2] ?? '']
    return format ? format(value) : whole
  })
}

/** Four significant digits, no trailing zeros: Go's %.4g in the range these texts show. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}

const FORMATS: Readonly<Record<string, (value: number) => string>> = {
  humanize: (value) => {
    if (value === 0 || !Number.isFinite(value)) return short(value)
    const prefixes =
      Math.abs(value) >= 1 ? ['', 'k', 'M', 'G', 'T', 'P', 'E'] : ['', 'm', 'u', 'n', 'p', 'f', 'a']
    const up = Math.abs(value) >= 1
    let rest = value
    let at = 0
    while (at < prefixes.length - 1 && (up ? Math.abs(rest) >= 1000 : Math.abs(rest) < 1)) {
      rest = up ? rest / 1000 : rest * 1000
      at++
    }
    return short(rest) + prefixes[at]
  },
  humanizePercentage: (value) => `${short(value * 100)}%`,
  humanizeDuration: (value) => {
    if (!Number.isFinite(value)) return short(value)
    if (Math.abs(value) < 1) return value === 0 ? '0s' : `${short(value * 1000)}ms`
    const seconds = Math.floor(Math.abs(value))
    const sign = value < 0 ? '-' : ''
    const parts = [
      [Math.floor(seconds / 86_400), 'd'],
      [Math.floor(seconds / 3600) % 24, 'h'],
      [Math.floor(seconds / 60) % 60, 'm'],
      [seconds % 60, 's'],
    ] as const
    if (seconds < 60) return `${sign}${short(Math.abs(value))}s`
    const first = parts.findIndex(([count]) => count > 0)
    return (
      sign +
      parts
        .slice(first)
        .map(([count, unit]) => `${count}${unit}`)
        .join(' ')
    )
  },
}
