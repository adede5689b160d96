import 'server-only'
import { z } from 'zod'
import { ConfigError } from './config-error'

/** An http(s) address, as it was written. Its user and password never enter the message. */
export function urlOf(variable: string, text: string, example: string): string {
  const problem = !URL.canParse(text)
    ? 'is no address'
    : !['http:', 'https:'].includes(new URL(text).protocol)
      ? 'is no http or https address'
      : !isDecodable(text)
        ? 'has a % in its user or password that begins no escape: it is written %25'
        : undefined
  if (problem) throw new ConfigError(variable, problem, `${plainName(variable)}=${example}`)
  return text
}

function isDecodable(text: string): boolean {
  const { username, password } = new URL(text)
  try {
    decodeURIComponent(`${username}:${password}`)
    return true
  } catch {
    return false
  }
}

const Headers = z.record(
  z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/),
  z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/),
)

/** Headers written as a JSON object of strings; what they hold may be a secret and is never repeated. */
export function headersOf(variable: string, text: string | undefined): Record<string, string> {
  if (!text) return {}
  const example = `${variable}='{"Authorization":"Bearer …"}'`
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ConfigError(variable, 'is no JSON', example)
  }
  const parsed = Headers.safeParse(value)
  if (!parsed.success) throw new ConfigError(variable, 'is no JSON object of header names and texts', example)
  return parsed.data
}

export function flagOf(variable: string, text: string | undefined): boolean | undefined {
  const word = oneOf(variable, text, ['true', 'false', '1', '0'])
  return word === undefined ? undefined : word === 'true' || word === '1'
}

export function oneOf<const T extends readonly [string, ...string[]]>(
  variable: string,
  text: string | undefined,
  values: T,
): T[number] | undefined {
  if (!text) return undefined
  const found = values.find((value) => value === text)
  if (found !== undefined) return found
  throw new ConfigError(variable, `must be one of ${values.join(', ')}`, `${variable}=${values[0]}`)
}

function plainName(variable: string): string {
  return variable.replace(/ .*/, '')
}
