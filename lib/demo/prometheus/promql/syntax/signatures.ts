import type { ValueType } from '@/lib/demo/prometheus/promql/syntax/ast'

export interface Signature {
  args: readonly ValueType[]
  /** how many of the last arguments may be left out; -1: the last one may repeat or be left out */
  variadic: number
  returns: ValueType
}

const of = (args: ValueType[], returns: ValueType = 'vector', variadic = 0): Signature => ({
  args,
  returns,
  variadic,
})
const overVector = of(['vector'])
const overRange = of(['matrix'])
const overTime = of(['vector'], 'vector', 1)

/** Every function this engine answers, with the types of Prometheus 2.42. */
export const SIGNATURES: Readonly<Record<string, Signature>> = {
  abs: overVector,
  absent: overVector,
  absent_over_time: overRange,
  acos: overVector,
  acosh: overVector,
  asin: overVector,
  asinh: overVector,
  atan: overVector,
  atanh: overVector,
  avg_over_time: overRange,
  ceil: overVector,
  changes: overRange,
  clamp: of(['vector', 'scalar', 'scalar']),
  clamp_max: of(['vector', 'scalar']),
  clamp_min: of(['vector', 'scalar']),
  cos: overVector,
  cosh: overVector,
  count_over_time: overRange,
  day_of_month: overTime,
  day_of_week: overTime,
  day_of_year: overTime,
  days_in_month: overTime,
  deg: overVector,
  delta: overRange,
  deriv: overRange,
  exp: overVector,
  floor: overVector,
  histogram_quantile: of(['scalar', 'vector']),
  hour: overTime,
  idelta: overRange,
  increase: overRange,
  irate: overRange,
  label_join: of(['vector', 'string', 'string', 'string'], 'vector', -1),
  label_replace: of(['vector', 'string', 'string', 'string', 'string']),
  last_over_time: overRange,
  ln: overVector,
  log10: overVector,
  log2: overVector,
  max_over_time: overRange,
  min_over_time: overRange,
  minute: overTime,
  month: overTime,
  pi: of([], 'scalar'),
  predict_linear: of(['matrix', 'scalar']),
  present_over_time: overRange,
  quantile_over_time: of(['scalar', 'matrix']),
  rad: overVector,
  rate: overRange,
  resets: overRange,
  round: of(['vector', 'scalar'], 'vector', 1),
  scalar: of(['vector'], 'scalar'),
  sgn: overVector,
  sin: overVector,
  sinh: overVector,
  sort: overVector,
  sort_desc: overVector,
  sqrt: overVector,
  stddev_over_time: overRange,
  stdvar_over_time: overRange,
  sum_over_time: overRange,
  tan: overVector,
  tanh: overVector,
  time: of([], 'scalar'),
  timestamp: overVector,
  vector: of(['scalar']),
  year: overTime,
}

export function findSignature(name: string): Signature | undefined {
  return Object.hasOwn(SIGNATURES, name) ? SIGNATURES[name] : undefined
}
