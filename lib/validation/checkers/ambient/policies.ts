import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { hasAnyWaypoint, hasHttpRules, hasTargetRefs, isAmbient } from '@/lib/validation/lookups/ambient'
import {
  AUTHORIZATION_POLICY,
  REQUEST_AUTHENTICATION,
  TELEMETRY,
  WASM_PLUGIN,
} from '@/lib/validation/lookups/kinds'
import { asList, specOf } from '@/lib/validation/read'
import { namespaceOf, type KindKey } from '@/lib/validation/world'

/** Kinds that only a proxy that reads HTTP can enforce: code without waypoint, code without target. */
const KINDS: readonly (readonly [KindKey, string, string, (object: ConfigObject) => boolean])[] = [
  [AUTHORIZATION_POLICY, 'KIA0109', 'KIA0110', hasHttpRules],
  [REQUEST_AUTHENTICATION, 'KIA1110', 'KIA1115', () => true],
  [WASM_PLUGIN, 'KIA1111', 'KIA1116', () => true],
  [TELEMETRY, 'KIA1112', 'KIA1117', isAboutRequests],
]

/** In ambient mode policies about requests need a waypoint, and name what they are for. */
export const ambientPolicies: Checker = {
  codes: {
    KIA0109: 'warning',
    KIA0110: 'warning',
    KIA1110: 'warning',
    KIA1111: 'warning',
    KIA1112: 'warning',
    KIA1115: 'warning',
    KIA1116: 'warning',
    KIA1117: 'warning',
  },
  check(world, report) {
    for (const [kind, withoutWaypoint, withoutTarget, isConcerned] of KINDS) {
      world.each(kind, (object) => {
        const namespace = namespaceOf(object)
        if (!isAmbient(world, namespace) || !isConcerned(object)) return
        if (!hasAnyWaypoint(world, namespace)) {
          const message = `Namespace ${namespace} is in ambient mode without a waypoint: nothing there reads requests, so this is not enforced as written. Deploy a waypoint and label the namespace istio.io/use-waypoint.`
          report(withoutWaypoint, object, null, message)
        }
        if (!hasTargetRefs(object)) {
          const message = `Waypoints take this kind by targetRefs only; a selector, or none, does not reach them. Name the Gateway or service in targetRefs.`
          const path = specOf(object).selector === undefined ? null : ['spec', 'selector']
          report(withoutTarget, object, path, message)
        }
      })
    }
  },
}

function isAboutRequests(object: ConfigObject): boolean {
  const { accessLogging, tracing } = specOf(object)
  return asList(accessLogging).length + asList(tracing).length > 0
}
