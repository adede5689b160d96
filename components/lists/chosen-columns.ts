/** Which columns of a list somebody chose, as one text kept in the browser. Pure. */

interface Choosable {
  id: string
  isExtra?: boolean
  isFixed?: boolean
}

/** `-p99,+labels`: what was taken from the usual columns, and what was added. Unknown names are left alone. */
export function isChosen(text: string, column: Choosable): boolean {
  if (column.isFixed) return true
  const words = text.split(',')
  return column.isExtra ? words.includes(`+${column.id}`) : !words.includes(`-${column.id}`)
}

/** The text after a column was shown or hidden. */
export function withColumn(text: string, column: Choosable, isShown: boolean): string {
  const words = text.split(',').filter((word) => word !== '' && word.slice(1) !== column.id)
  const isUsual = isShown !== (column.isExtra ?? false)
  return [...words, ...(isUsual ? [] : [`${isShown ? '+' : '-'}${column.id}`])].sort().join(',')
}
