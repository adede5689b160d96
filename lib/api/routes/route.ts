import type { z } from 'zod'

/** One route of the HTTP API: what it takes and what it answers. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** template, parameters in braces */
  path: string
  summary: string
  query: z.ZodType
  params?: z.ZodType
  /** what a POST or PUT takes: JSON of this shape, or text of the other media type */
  body?: { json: z.ZodType; text?: string }
  /** null: not JSON, `contentType` says what */
  answer: z.ZodType | null
  contentType?: string
}
