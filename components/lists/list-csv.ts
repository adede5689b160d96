/** Rows of a list as text for a spreadsheet. Pure. */

export interface CsvColumn<T> {
  id: string
  name: string
  sortBy?: (row: T) => string | number | null
  copy?: {
    header?: string
    value: (row: T) => string | number | null
    beside?: { header: string; value: (row: T) => string | null }
  }
}

/** A spreadsheet takes a text that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/

/**
 * RFC 4180: a header, then a line a row. Numbers are plain, what was not measured is empty, and no text can become
 * a formula (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function csvOf<T>(rows: readonly T[], columns: readonly CsvColumn<T>[]): string {
  const told = columns.flatMap(({ name, copy, sortBy }) => {
    const value = copy?.value ?? sortBy
    if (!value) return []
    return [{ header: copy?.header ?? name, value }, ...(copy?.beside ? [copy.beside] : [])]
  })
  const lines = [
    told.map(({ header }) => field(header)),
    ...rows.map((row) => told.map(({ value }) => field(value(row)))),
  ]
  return `${lines.map((line) => line.join(',')).join('\r\n')}\r\n`
}

function field(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ''
  const safe = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
