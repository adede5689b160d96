/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
import { emptyFrame, dropNames, type Frame } from '@/lib/demo/prometheus/promql/frame'

/** Functions of one value alone. */
export const VALUE_FUNCTIONS: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  deg: (value) => (value * 180) / Math.PI,
  exp: Math.exp,
  floor: Math.floor,
  ln: Math.log,
  log10: Math.log10,
  log2: Math.log2,
  rad: (value) => (value * Math.PI) / 180,
  sgn: (value) => (value < 0 ? -1 : value > 0 ? 1 : value),
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
}

/** Applies `fn` to every sample and drops the names; `null` takes the sample away. */
export function mapFrame(frame: Frame, fn: (value: number, step: number) => number | null): Frame {
  const { rows, steps, has, values } = frame
  const out = emptyFrame(rows, steps)
  for (let row = 0; row < rows.length; row++) {
    for (let step = 0, cell = row * steps; step < steps; step++, cell++) {
      if (!has[cell]) continue
      const value = fn(values[cell]!, step)
      if (value === null) continue
      out.has[cell] = 1
      out.values[cell] = value
    }
  }
  return dropNames(out)
}

/** Go's math.Min: an infinity below everything wins even over NaN. */
function least(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b)
}

function greatest(a: number, b: number): number {
  return a === Infinity || b === Infinity ? Infinity : Math.max(a, b)
}

export function clamp(frame: Frame, low: Float64Array, high: Float64Array): Frame {
  return mapFrame(frame, (value, step) =>
    high[step]! < low[step]! ? null : greatest(low[step]!, least(high[step]!, value)),
  )
}

export function clampMin(frame: Frame, low: Float64Array): Frame {
  return mapFrame(frame, (value, step) => greatest(low[step]!, value))
}

export function clampMax(frame: Frame, high: Float64Array): Frame {
  return mapFrame(frame, (value, step) => least(high[step]!, value))
}

/** To the nearest multiple, halves up. */
export function round(frame: Frame, to: Float64Array | null): Frame {
  return mapFrame(frame, (value, step) => {
    // as Prometheus does, to the same last digit: multiply by the inverse
    const inverse = 1 / (to ? to[step]! : 1)
    return Math.floor(value * inverse + 0.5) / inverse
  })
}
