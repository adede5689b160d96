/** `GET /api/v1/config/…/context`: what surrounds one object of configuration. */
import { z } from 'zod'
import { Notice } from '../common'
import { KnownRef } from './changes'
import { ListItem } from '../mesh/lists'

/** Names that stand for hundreds of workloads are counted, not sent. */
export const MOST_AFFECTED = 200

export const ObjectReference = z.object({
  why: z
    .string()
    .describe('a clause: "sends requests to"; of what points here, the other object is its subject'),
  paths: z.array(z.string()).describe('the fields that say so, in the object that refers'),
  ref: KnownRef.nullable().describe('the object at the other end; null: a host or pods'),
  hasPage: z.boolean().describe('whether Heddle shows that object'),
  text: z.string().nullable().describe('what is named where it is no object: a host, a subset, labels'),
  workloads: z.array(z.string()).nullable().describe('node ids that the labels select; null: none by labels'),
  exists: z
    .boolean()
    .nullable()
    .describe('null: Heddle does not read such objects, may not, or one may not see where it lies'),
})
export type ObjectReference = z.infer<typeof ObjectReference>

export const ObjectEvent = z.object({
  type: z.string().describe('Normal or Warning'),
  reason: z.string(),
  message: z.string(),
  count: z.number(),
  lastAt: z.number().nullable(),
})
export type ObjectEvent = z.infer<typeof ObjectEvent>

const affected = z.object({
  total: z.number(),
  items: z.array(
    z.object({
      id: z.string(),
      item: ListItem.nullable().describe('traffic and health as lists show it; null: not known'),
    }),
  ),
})

export const ObjectContext = z.object({
  at: z.number().nullable().describe('instant of the measurements; null: none'),
  windowSeconds: z.number().nullable(),
  references: z
    .object({ to: z.array(ObjectReference), from: z.array(ObjectReference) })
    .nullable()
    .describe('null: the cluster has not been read yet'),
  services: affected.nullable().describe('services it has a say in'),
  workloads: affected.nullable().describe('workloads it has a say in, those behind its services included'),
  unread: z
    .array(z.string())
    .describe('kinds that may not be read and have a say in this: it may affect more than is known'),
  events: z.array(ObjectEvent).nullable().describe('newest first; null: not known'),
  whyNotWritable: z.string().nullable().describe('why it cannot be changed here; null: it can'),
  notices: z.array(Notice),
})
export type ObjectContext = z.infer<typeof ObjectContext>
