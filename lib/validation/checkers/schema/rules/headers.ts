import type { FieldPath } from '@/lib/validation/finding'
import { asFields, asList, asText } from '@/lib/validation/read'
import type { Say } from './say'

const isAuthority = (name: string) => /^(:authority|host)$/i.test(name)

/** What a route does to headers: names that can be changed, values that proxies can read. */
export function checkHeaders(value: unknown, path: FieldPath, say: Say): void {
  const headers = asFields(value)
  for (const direction of ['request', 'response'] as const) {
    const operations = asFields(headers[direction])
    for (const operation of ['add', 'set'] as const) {
      for (const [name, text] of Object.entries(asFields(operations[operation]))) {
        const at = [...path, direction, operation, name]
        // the authority of a request may be set, in one place only
        if (!(direction === 'request' && isAuthority(name))) checkName(name, at, say)
        if (typeof text === 'string' && hasBrokenPattern(text)) {
          say.error(
            at,
            `The value ${text} has a % that begins no variable. Write %% for the character itself.`,
          )
        }
      }
    }
    for (const [index, name] of asList(operations.remove).entries()) {
      if (typeof name === 'string') checkName(name, [...path, direction, 'remove', index], say)
    }
  }
}

function checkName(name: string, path: FieldPath, say: Say): void {
  if (name === '') say.error(path, 'A header must have a name.')
  else if (name.startsWith(':') || name.toLowerCase() === 'host') {
    say.error(path, `The header ${name} belongs to the protocol and cannot be changed here.`)
  }
}

/** Odd per cent signs: `%VARIABLE%` and `%%` come in pairs. */
function hasBrokenPattern(text: string): boolean {
  return (text.replace(/%%/g, '').match(/%/g) ?? []).length % 2 === 1
}

/** The authority of requests is set in one place: by rewrite, by set or by add. */
export function checkAuthority(rewrite: unknown, headers: unknown, path: FieldPath, say: Say): void {
  const request = asFields(asFields(headers).request)
  const values = [
    asText(asFields(rewrite).authority),
    ...['set', 'add'].flatMap((operation) =>
      Object.entries(asFields(request[operation]))
        .filter(([name]) => isAuthority(name))
        .map(([, value]) => asText(value)),
    ),
  ].filter((value) => value !== '')
  if (values.length > 1)
    say.error(path, `The host of requests is set twice (${values.join(', ')}). Set it once.`)
}
