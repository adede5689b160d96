/** The query is not PromQL, or not of the types PromQL asks for. Prometheus: 400 `bad_data`. */
export class PromqlParseError extends Error {
  override readonly name = 'PromqlParseError'

  constructor(
    readonly query: string,
    readonly offset: number,
    readonly reason: string,
  ) {
    super(`${lineAndColumn(query, offset)}: parse error: ${reason}`)
  }
}

/** The query is well-formed but cannot be answered from this data. Prometheus: 422 `execution`. */
export class PromqlExecutionError extends Error {
  override readonly name = 'PromqlExecutionError'
}

/** The query took longer than its `timeout`. Prometheus: 503 `timeout`. */
export class PromqlTimeoutError extends Error {
  override readonly name = 'PromqlTimeoutError'
}

function lineAndColumn(query: string, offset: number): string {
  const before = query.slice(0, offset)
  const line = before.split('\n').length
  return `${line}:${offset - before.lastIndexOf('\n')}`
}
