/** What an editor of configuration asks while somebody types: the schema of a kind, and what is wrong with a text. */
import { z } from 'zod'
import type { KindSchema } from '@/lib/istio/kind-schema'
import { Finding } from './analyze'
import { Notice } from '../common'
import { KnownRef, ObjectRef } from './changes'
import { LIMITS } from '../parameters'

const name = z.string().max(LIMITS.nameLength)

export const SchemaQuery = z.strictObject({
  cluster: name.min(1).optional(),
  group: name.describe('empty for the core group'),
  version: name.min(1),
  kind: name.min(1),
})
export type SchemaQuery = z.output<typeof SchemaQuery>

export const SchemaNode: z.ZodType<KindSchema> = z.lazy(() =>
  z.object({
    type: z.enum(['object', 'array', 'string', 'integer', 'number', 'boolean', 'any']),
    description: z.string().optional(),
    properties: z.record(z.string(), SchemaNode).optional(),
    required: z.array(z.string()).optional(),
    items: SchemaNode.optional(),
    additional: SchemaNode.optional().describe('what values of other keys are like'),
    enum: z.array(z.string()).optional(),
    format: z.string().optional(),
  }),
)

export const SchemaAnswer = z.object({
  schema: SchemaNode.nullable().describe(
    'references resolved, bounded, without what the API server keeps; null: it publishes none',
  ),
  notices: z.array(Notice),
})
export type SchemaAnswer = z.infer<typeof SchemaAnswer>

/** Objects end at 1.5 MB in etcd, and nobody edits more by hand. */
export const MOST_EDITED_CHARACTERS = 1_500_000

export const CheckBody = z.strictObject({
  cluster: name.min(1).optional(),
  namespace: name.optional().describe('of objects that name none'),
  documents: z
    .string()
    .max(MOST_EDITED_CHARACTERS, `at most ${MOST_EDITED_CHARACTERS} characters are checked`),
  editing: ObjectRef.optional().describe('the object the text is a new state of; others are new'),
})
export type CheckBody = z.infer<typeof CheckBody>

/** Why a text is not what can be applied, and where. */
export const TextProblem = z.object({
  code: z.enum([
    'invalid-yaml',
    'unknown-kind',
    'unknown-namespace',
    'name-taken',
    'missing-namespace',
    'repeated-object',
  ]),
  message: z.string(),
  line: z.number().int().nullable().describe('from 1'),
})
export type TextProblem = z.infer<typeof TextProblem>

export const CheckAnswer = z.object({
  objects: z.array(KnownRef.extend({ line: z.number().int().nullable() })).describe('what the text holds'),
  problems: z.array(TextProblem),
  findings: z
    .array(Finding)
    .nullable()
    .describe('about the objects of the text as if they were in the cluster; null: it has not been read'),
})
export type CheckAnswer = z.infer<typeof CheckAnswer>
