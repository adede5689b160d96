/** Which part of a service's routing the address asks for. Pure. */
import type { RoutingObject, ServiceRouting } from '@/lib/api/schemas/config/routing'

/** Kinds that can be made new for a service. */
export const NEW_KINDS = ['VirtualService', 'HTTPRoute', 'DestinationRule'] as const
export type NewKind = (typeof NEW_KINDS)[number]

export type Opened =
  | { what: 'split' }
  | { what: 'new'; kind: NewKind }
  | { what: 'object'; object: RoutingObject }
  /** asked for, and not among those that route the service (any more) */
  | { what: 'gone'; name: string }
  | { what: 'nothing' }

/** `VirtualService/bookinfo/reviews`, how the address names an object. */
export function addressOf({ kind, namespace, name }: RoutingObject['ref']): string {
  return `${kind}/${namespace}/${name}`
}

/** What is open; where the address asks for nothing, the first object that routes it. */
export function openedOf(asked: string | null, objects: ServiceRouting['objects']): Opened {
  if (asked === 'split') return { what: 'split' }
  const kind = NEW_KINDS.find((each) => asked === `new/${each}`)
  if (kind) return { what: 'new', kind }
  if (asked !== null && asked !== '') {
    const object = objects.find(({ ref }) => addressOf(ref) === asked)
    return object ? { what: 'object', object } : { what: 'gone', name: asked }
  }
  // entries are shared by many services: what is the service's own comes first
  const object = objects.find(({ ref }) => ref.kind !== 'Gateway') ?? objects[0]
  return object ? { what: 'object', object } : { what: 'nothing' }
}

const ROUTES = ['VirtualService', 'HTTPRoute', 'GRPCRoute']

/**
 * Kinds the service has none of yet, so that a new one would have a say and contradict nothing; of what may not be read
 * that is not known.
 */
export function missingKinds({ objects, namespace, service, unread }: ServiceRouting): NewKind[] {
  const isHidden = (kind: NewKind) =>
    kind === 'DestinationRule' ? unread.includes(kind) : ROUTES.some((route) => unread.includes(route))
  const hasRoute = objects.some(({ isOwn }) => isOwn)
  const isTaken = (kind: NewKind) =>
    objects.some(({ ref }) => ref.kind === kind && ref.namespace === namespace && ref.name === service)
  return NEW_KINDS.filter(
    (kind) =>
      !isTaken(kind) &&
      !isHidden(kind) &&
      (kind === 'DestinationRule' ? objects.every(({ ref }) => ref.kind !== kind) : !hasRoute),
  )
}
