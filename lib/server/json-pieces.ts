import 'server-only'

/** JSON of large answers in pieces, so that the first are on their way while the last are still being written. */

/** Elements of one piece: about 100 kB of a graph, half a millisecond of work. */
const PER_PIECE = 250

/**
 * The pieces of `JSON.stringify(value)`: lists that are properties of the value are cut, all else stays whole.
 * `value`: an object without `toJSON`.
 */
export function* jsonPieces(value: object, perPiece = PER_PIECE): Generator<string> {
  let waiting = '{'
  let isFirst = true
  for (const [name, property] of Object.entries(value) as [string, unknown][]) {
    const isLong = Array.isArray(property) && property.length > perPiece
    const whole = isLong ? '' : JSON.stringify(property)
    // what JSON has no word for is left out, as JSON.stringify does
    if (whole === undefined) continue
    waiting += `${isFirst ? '' : ','}${JSON.stringify(name)}:${whole}`
    isFirst = false
    if (!isLong) continue
    for (let from = 0; from < property.length; from += perPiece) {
      const inside = JSON.stringify(property.slice(from, from + perPiece)).slice(1, -1)
      yield `${waiting}${from === 0 ? '[' : ','}${inside}`
      waiting = ''
    }
    waiting = ']'
  }
  yield `${waiting}}`
}
