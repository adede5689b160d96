/** A number as Go writes it with 'f' and the fewest digits: never an exponent. */
export function formatValue(value: number): string {
  if (value === Infinity) return '+Inf'
  if (value === -Infinity) return '-Inf'
  if (Number.isNaN(value)) return 'NaN'
  if (Object.is(value, -0)) return '-0'
  const short = String(value)
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(short)
  if (!parts) return short
  const [, sign = '', lead = '', fraction = '', exponent] = parts
  const digits = lead + fraction
  const point = 1 + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return sign + digits.padEnd(point, '0')
}

/** A sample's value in the HTTP API: as above, but very large and very small ones with an exponent. */
export function formatSample(value: number): string {
  const size = Math.abs(value)
  if (size === 0 || (size >= 1e-6 && size < 1e21) || !Number.isFinite(value)) return formatValue(value)
  // Go writes at least two digits of exponent
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2')
}
