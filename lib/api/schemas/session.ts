/** `/api/v1/session`: who is signed in. */
import { z } from 'zod'

export const AUTH_MODES = ['anonymous', 'token', 'header'] as const

export const SessionAnswer = z.object({
  mode: z
    .enum(AUTH_MODES)
    .describe(
      'anonymous: everyone has Heddle’s rights; token: one signs in; header: the proxy in front tells',
    ),
  user: z.string().nullable().describe('as the Kubernetes API names the user; null: nobody, or not told'),
  expiresAt: z.number().nullable(),
  problem: z
    .string()
    .optional()
    .describe('why nobody is signed in: signed-out, session-expired, no-user-header'),
})
export type SessionAnswer = z.infer<typeof SessionAnswer>

export const SignInBody = z.strictObject({
  token: z
    .string()
    .max(20_000)
    .regex(/^[\x21-\x7e]+$/, 'must be one line without spaces')
    .describe('a bearer token of the Kubernetes API'),
})
