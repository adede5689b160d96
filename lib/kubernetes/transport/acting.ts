/** Whom requests act as: impersonation headers from what a kubeconfig says of its user. */
import 'server-only'
import { z } from 'zod'
import type { RequestHeaders } from './send'

const acting = z
  .object({
    as: z.string().nullish(),
    'as-uid': z.string().nullish(),
    'as-groups': z.array(z.string()).nullish(),
    'as-user-extra': z.record(z.string(), z.array(z.string()).nullish()).nullish(),
  })
  .nullish()

/** Whom a user of a kubeconfig acts as, in the kubeconfig's own words. */
export type Acting = z.output<typeof acting>

const SHAPES: Readonly<Record<string, string>> = {
  'as-groups': 'a list of strings',
  'as-user-extra': 'a mapping to lists of strings',
}

/** What the `entry` of a kubeconfig's user says. Throws an Error that says which part of it is not as it must be. */
export function readActing(entry: unknown): Acting {
  const parsed = acting.safeParse(entry)
  if (parsed.success) return parsed.data
  const part = parsed.error.issues[0]?.path[0]
  if (typeof part !== 'string') throw new Error('it must be a mapping')
  throw new Error(`its "${part}" must be ${SHAPES[part] ?? 'a string'}`)
}

/**
 * Headers of every request of a user who acts as somebody; none for others. The library knows `as` alone, and would
 * send it in the place of whom a session acts as. Throws an Error where they could not be sent, or would be refused.
 * https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 */
export function actingHeaders(said: Acting): RequestHeaders {
  const { as, 'as-uid': uid, 'as-groups': groups, 'as-user-extra': extra } = said ?? {}
  const more = Object.entries(extra ?? {})
  if (!as) {
    const parts = { 'as-uid': Boolean(uid), 'as-groups': groups?.length, 'as-user-extra': more.length }
    const [part] = Object.entries(parts).flatMap(([name, isSaid]) => (isSaid ? [name] : []))
    if (part !== undefined) throw new Error(`it has "${part}" but no "as", the user it belongs to`)
    return {}
  }
  const values = (part: string, all: readonly string[]) => all.map((value) => headerValue(part, value))
  return {
    'impersonate-user': headerValue('as', as),
    ...(uid ? { 'impersonate-uid': headerValue('as-uid', uid) } : {}),
    ...(groups?.length ? { 'impersonate-group': values('as-groups', groups) } : {}),
    ...Object.fromEntries(
      more.map(([key, all]) => [`impersonate-extra-${headerKey(key)}`, values('as-user-extra', all ?? [])]),
    ),
  }
}

/** Bytes of UTF-8, which the API server reads; Node sends a header's characters as one byte each, or not at all. */
function headerValue(part: string, text: string): string {
  const bytes = Buffer.from(text).toString('latin1')
  if (/[^\t\x20-\x7e\x80-\xff]/.test(bytes)) {
    throw new Error(`its "${part}" holds a character that no header can carry, such as a line break`)
  }
  return bytes
}

/** What may not be in a header's name as `%xx`, which the API server reads back. */
function headerKey(text: string): string {
  const escaped = [...Buffer.from(text)].map((byte) => {
    const character = String.fromCharCode(byte)
    return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`
  })
  return escaped.join('').toLowerCase()
}
