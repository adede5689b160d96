import type { Checker } from '@/lib/validation/finding'
import {
  AUTHORIZATION_POLICY,
  GRPC_ROUTE,
  HTTP_ROUTE,
  K8S_GATEWAY,
  SERVICE,
  SERVICE_ENTRY,
} from '@/lib/validation/lookups/kinds'
import { asFields, asText, items, type Fields } from '@/lib/validation/read'
import type { KindKey } from '@/lib/validation/world'

const ROUTE = ['Accepted', 'Programmed', 'ResolvedRefs']
/** Conditions that mean trouble when they are false. */
const CONDITIONS: readonly (readonly [KindKey, readonly string[]])[] = [
  [SERVICE, ['istio.io/WaypointBound']],
  [SERVICE_ENTRY, ['istio.io/WaypointBound']],
  [AUTHORIZATION_POLICY, ['ZtunnelAccepted', 'WaypointAccepted']],
  [K8S_GATEWAY, ROUTE],
  [HTTP_ROUTE, ROUTE],
  [GRPC_ROUTE, ROUTE],
]

/** What controllers wrote into an object's status: it was not accepted, or only in part. */
export const statusConditions: Checker = {
  codes: { IST0171: 'warning' },
  check(world, report) {
    for (const [kind, types] of CONDITIONS) {
      world.each(kind, (object) => {
        const status = asFields(object.status)
        const own = items(status.conditions).map(([condition, index]) => ({
          condition,
          path: ['conditions', index],
        }))
        const ofParents = items(status.parents).flatMap(([parent, i]) =>
          items(parent.conditions).map(([condition, j]) => ({
            condition,
            path: ['parents', i, 'conditions', j],
          })),
        )
        for (const { condition, path } of [...own, ...ofParents]) {
          if (!isNegative(condition, types)) continue
          const because = [asText(condition.reason), asText(condition.message)].filter(Boolean).join(': ')
          const message = `The controller reports ${asText(condition.type)} ${condition.status === 'False' ? 'as false' : 'in part only'}${because === '' ? '' : ` (${because})`}. Correct what it names; until then the object does not work as written.`
          report('IST0171', object, ['status', ...path], message)
        }
      })
    }
  },
}

function isNegative({ type, status, reason }: Fields, types: readonly string[]): boolean {
  if (!types.includes(asText(type))) return false
  return status === 'False' || (type === 'WaypointAccepted' && reason === 'PartiallyInvalid')
}
