import 'server-only'

/** A configuration the process must not start with. The message is one sentence with an example. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly variable: string

  constructor(variable: string, problem: string, example: string, cause?: unknown) {
    super(`${variable} ${problem}. For example: ${example}`, cause === undefined ? undefined : { cause })
    this.variable = variable
  }
}
