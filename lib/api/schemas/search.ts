/** `GET /api/v1/search`: things of the mesh by their names. */
import { z } from 'zod'
import { HealthStatus, Notice } from './common'
import { KnownRef } from './config/changes'

export const SEARCH_TYPES = ['service', 'workload', 'app', 'namespace', 'object'] as const

export const SearchHit = z.object({
  type: z.enum(SEARCH_TYPES),
  id: z.string().describe('of a node, of a namespace ({cluster}/{namespace}), or of an object as in /config'),
  cluster: z.string(),
  namespace: z.string().describe('empty: of the whole cluster'),
  name: z.string(),
  /** null: objects have findings, not health */
  status: HealthStatus.nullable(),
  isIdle: z.boolean().describe('true: the graph draws it only with `idle=true`'),
  ref: KnownRef.nullable().describe('of objects'),
})
export type SearchHit = z.infer<typeof SearchHit>

export const SearchAnswer = z.object({
  items: z.array(SearchHit).describe('best first'),
  total: z.number().describe('how many there are, beyond the limit too'),
  near: z.array(SearchHit).describe('where nothing matches: names a few letters away'),
  notices: z.array(Notice),
})
export type SearchAnswer = z.infer<typeof SearchAnswer>
