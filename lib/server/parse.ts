import 'server-only'
import type { z } from 'zod'
import { Refusal } from './errors'

/**
 * A request's parameters as their schema has them. Unknown, repeated and malformed ones are refused by name with
 * what is allowed: a typo that is ignored looks like an answer. Throws Refusal('invalid').
 */
export function parseSearch<T extends z.ZodType>(schema: T, search: URLSearchParams): z.output<T> {
  const given: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [name, value] of search) {
    if (name in given) {
      throw new Refusal('invalid', `The parameter ${shown(name)} is given twice.`, {
        code: 'repeated-parameter',
        parameter: shown(name),
      })
    }
    given[name] = value
  }
  return parseWith(schema, { ...given })
}

/** Parameters of a route's path. Throws Refusal('invalid'). */
export function parsePath<T extends z.ZodType>(
  schema: T,
  params: Readonly<Record<string, string | string[] | undefined>>,
): z.output<T> {
  return parseWith(schema, params)
}

function parseWith<T extends z.ZodType>(schema: T, given: unknown): z.output<T> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  if (issue?.code === 'unrecognized_keys') {
    const name = shown(issue.keys[0] ?? '')
    throw new Refusal('invalid', `There is no parameter ${name}; there are: ${knownNames(schema)}.`, {
      code: 'unknown-parameter',
      parameter: name,
    })
  }
  const name = String(issue?.path[0] ?? '')
  const isMissing = issue?.code === 'invalid_type' && issue.input === undefined
  const problem = isMissing && /expected/.test(issue.message) ? 'is missing' : lower(issue?.message ?? '')
  throw new Refusal('invalid', `The parameter ${name} ${joined(problem)}.`, {
    code: isMissing ? 'missing-parameter' : 'invalid-parameter',
    parameter: name,
  })
}

/** What a client sent is repeated only as far as a name can go. */
function shown(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name
}

function knownNames(schema: z.ZodType): string {
  const shape = 'shape' in schema ? schema.shape : undefined
  const names = typeof shape === 'object' && shape !== null ? Object.keys(shape) : []
  return names.length === 0 ? 'none' : names.join(', ')
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** Our messages continue the sentence ("must be…"); those of limits state a rule. */
function joined(problem: string): string {
  return /^(must|is) /.test(problem) ? problem : `is not allowed: ${problem}`
}
