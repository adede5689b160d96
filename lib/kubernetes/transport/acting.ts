/** Whom requests act as: impersonation headers from what a kubeconfig says of its user. */
import 'server-only'
import { z } from 'zod'
import type { RequestHeaders } from './send'

const acting = z.object({
  as: z.string().min(1),
  'as-uid': z.string().nullish(),
  'as-groups': z.array(z.string()).nullish(),
  'as-user-extra': z.record(z.string(), z.array(z.string())).nullish(),
})

/**
 * Headers of every request of a user whose kubeconfig `entry` names somebody to act as; none for others. The library
 * knows `as` alone, and would send it in the place of whom a session acts as.
 * https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 */
export function actingHeaders(entry: unknown): RequestHeaders {
  const parsed = acting.safeParse(entry)
  if (!parsed.success) return {}
  const { as, 'as-uid': uid, 'as-groups': groups, 'as-user-extra': extra } = parsed.data
  return {
    'impersonate-user': as,
    ...(uid ? { 'impersonate-uid': uid } : {}),
    ...(groups?.length ? { 'impersonate-group': groups } : {}),
    ...Object.fromEntries(
      Object.entries(extra ?? {}).map(([key, values]) => [
        `impersonate-extra-${encodeURIComponent(key).toLowerCase()}`,
        values,
      ]),
    ),
  }
}
