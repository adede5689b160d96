/** The objects that route the requests of one service. */
import { z } from 'zod'
import { KnownRef } from './changes'
import { Notice } from '../common'

const RoutingObject = z.object({
  ref: KnownRef,
  isOwn: z
    .boolean()
    .describe('a route that speaks for the service itself; false: an entry, a policy, others’ routes'),
  why: z.string().describe('a clause: "routes requests for reviews.bookinfo.svc.cluster.local"'),
})
export type RoutingObject = z.infer<typeof RoutingObject>

export const ServiceRouting = z.object({
  cluster: z.string(),
  namespace: z.string(),
  service: z.string(),
  host: z.string().describe('the full name callers in the mesh ask for'),
  objects: z.array(RoutingObject).describe('in the order in which a request meets them'),
  unread: z.array(z.string()).describe('kinds that may not be read: of those there may be more'),
  notices: z.array(Notice),
})
export type ServiceRouting = z.infer<typeof ServiceRouting>
