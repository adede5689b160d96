/** Where in a YAML text one is, by indentation alone: it also works while the text does not parse. Pure. */
import { ITEM, type SchemaPath } from '@/lib/istio/kind-schema'

export interface YamlPlace {
  /** of the map one is in, or of the value after a key */
  path: SchemaPath
  /** what can be written here */
  kind: 'key' | 'value'
  /** what is written already, before the cursor */
  typed: string
  /** the key whose value this is; of a key: the key itself as far as it is written */
  key: string
  /** other keys of the same map */
  siblings: string[]
  /** column at which keys of this map begin */
  indent: number
}

interface Row {
  dashes: number[]
  /** column of the content behind the dashes */
  column: number
  key: string | null
  hasValue: boolean
  content: string
}

const KEY = /^(?:"([^"]*)"|'([^']*)'|([^\s#'"[\]{},][^#]*?))\s*:(?=\s|$)/

/** The place of an offset; undefined in comments and where nothing can be told. */
export function findPlace(text: string, offset: number): YamlPlace | undefined {
  const lines = documentAround(text, offset)
  const { line, at, column } = lines
  const before = (line[at] ?? '').slice(0, column)
  if (/(^|\s)#/.test(before)) return undefined
  const row = rowOf(line[at] ?? '')
  const content = before.slice(row.column)
  const match = KEY.exec(`${content}`)
  const isValue = match !== null && /:\s/.test(content)
  if (content.includes(': ') && !isValue) return undefined
  const level = row.content === '' && row.dashes.length === 0 ? column : row.column
  const parents = parentsOf(line, at, level, row.dashes)
  if (isValue) {
    const key = keyOf(match)
    const typed = content.slice(match[0].length).trimStart()
    return { path: [...parents, key], kind: 'value', typed, key, siblings: [], indent: level }
  }
  const key = KEY.exec(row.content)
  return {
    path: parents,
    kind: 'key',
    typed: content,
    key: key ? keyOf(key) : row.content,
    siblings: siblingsOf(line, at, level),
    indent: level,
  }
}

/** The path of the key under an offset, with the key; undefined elsewhere. */
export function findKeyAt(
  text: string,
  offset: number,
): { path: SchemaPath; from: number; to: number } | undefined {
  const { line, at, column } = documentAround(text, offset)
  const source = line[at] ?? ''
  const row = rowOf(source)
  const key = KEY.exec(row.content)
  if (!key || column < row.column || column > row.column + key[0].length - 1) return undefined
  const start = offset - column
  return {
    path: [...parentsOf(line, at, row.column, row.dashes), keyOf(key)],
    from: start + row.column,
    to: start + row.column + key[0].length - 1,
  }
}

/** The lines of the document the offset is in, and where in them. */
function documentAround(text: string, offset: number): { line: string[]; at: number; column: number } {
  const before = text.slice(0, offset)
  const marks = [...before.matchAll(/^---.*\n/gm)]
  const last = marks.at(-1)
  const from = last ? last.index + last[0].length : 0
  const rest = text.slice(from)
  const end = /^---/m.exec(rest.slice(offset - from))
  const line = (end ? rest.slice(0, offset - from + end.index) : rest).split('\n')
  const own = text.slice(from, offset).split('\n')
  return { line, at: own.length - 1, column: own.at(-1)?.length ?? 0 }
}

function rowOf(source: string): Row {
  const dashes: number[] = []
  let column = source.length - source.trimStart().length
  while (/^-(\s|$)/.test(source.slice(column))) {
    dashes.push(column)
    const rest = source.slice(column + 1)
    column += 1 + (rest.length - rest.trimStart().length)
  }
  const content = source
    .slice(column)
    .replace(/\s+#.*$/, '')
    .trimEnd()
  const key = KEY.exec(content)
  return {
    dashes,
    column,
    key: key ? keyOf(key) : null,
    hasValue: key !== null && content.length > key[0].length,
    content: content.startsWith('#') ? '' : content,
  }
}

function keyOf(match: RegExpExecArray): string {
  return match[1] ?? match[2] ?? match[3] ?? ''
}

/** Keys and `[]` above a column of a line, outermost first. */
function parentsOf(
  lines: readonly string[],
  at: number,
  column: number,
  dashes: readonly number[],
): string[] {
  const path: string[] = []
  let limit = column
  // a list may begin in the column of the key it belongs to
  let isItem = false
  const passDashes = (columns: readonly number[]) => {
    for (const dash of columns.toReversed()) {
      if (dash >= limit) continue
      path.unshift(ITEM)
      limit = dash
      isItem = true
    }
  }
  passDashes(dashes)
  for (let index = at - 1; index >= 0 && limit >= 0; index -= 1) {
    const row = rowOf(lines[index] ?? '')
    if (row.content === '' && row.dashes.length === 0) continue
    const isSibling = isItem && row.dashes.includes(limit)
    if (isSibling) continue
    const isAbove = row.column < limit || (isItem && row.column === limit)
    if (row.key !== null && isAbove && !row.hasValue) {
      path.unshift(row.key)
      limit = row.column
      isItem = false
    }
    passDashes(row.dashes)
    if (limit === 0 && !isItem) break
  }
  return path
}

/** Keys of the map that begins in this column, without the line itself. */
function siblingsOf(lines: readonly string[], at: number, column: number): string[] {
  const keys: string[] = []
  const walk = (step: 1 | -1) => {
    for (let index = at + step; index >= 0 && index < lines.length; index += step) {
      const row = rowOf(lines[index] ?? '')
      if (row.content === '' && row.dashes.length === 0) continue
      const begins = row.dashes[0] ?? row.column
      if (step === 1 && begins < column) return
      if (row.column === column && row.key !== null) keys.push(row.key)
      // the line with the dash is the first of its item
      if (begins < column) return
    }
  }
  const own = rowOf(lines[at] ?? '')
  if (own.dashes.length === 0) walk(-1)
  walk(1)
  return keys
}
