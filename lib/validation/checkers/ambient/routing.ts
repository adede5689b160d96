import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker, Report } from '@/lib/validation/finding'
import { hasAnyWaypoint, isAmbient, serviceHasWaypoint } from '@/lib/validation/lookups/ambient'
import { findService } from '@/lib/validation/lookups/hosts'
import { DESTINATION_RULE, SERVICE, VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asFields, asList, asText, asTexts, fullName, isFields, items, specOf } from '@/lib/validation/read'
import { kindKey, namespaceOf, type World } from '@/lib/validation/world'

/** In ambient mode routes and rules about requests act at the service's waypoint, and stand beside the service. */
export const ambientRouting: Checker = {
  codes: {
    KIA0210: 'warning',
    KIA0211: 'warning',
    KIA0212: 'warning',
    KIA1109: 'warning',
    KIA1113: 'warning',
    KIA1114: 'warning',
  },
  check(world, report) {
    world.each(DESTINATION_RULE, (object) => {
      if (!needsHttp(object)) return
      checkObject(world, report, object, [asText(specOf(object).host)], ['KIA0210', 'KIA0211', 'KIA0212'])
    })
    world.each(VIRTUAL_SERVICE, (object) => {
      const spec = specOf(object)
      const gateways = asTexts(spec.gateways)
      const isForMesh = gateways.length === 0 || gateways.includes('mesh')
      if (!isForMesh || asList(spec.http).length === 0) return
      checkObject(world, report, object, asTexts(spec.hosts), ['KIA1109', 'KIA1113', 'KIA1114'])
    })
  },
}

function checkObject(
  world: World,
  report: Report,
  object: ConfigObject,
  hosts: readonly string[],
  [noWaypoint, notEnrolled, elsewhere]: readonly [string, string, string],
): void {
  const namespace = namespaceOf(object)
  if (!isAmbient(world, namespace)) return
  if (!hasAnyWaypoint(world, namespace)) {
    const message = `Namespace ${namespace} is in ambient mode without a waypoint: nothing there reads requests, so this has no effect. Deploy a waypoint and label the namespace istio.io/use-waypoint.`
    report(noWaypoint, object, null, message)
    return
  }
  for (const host of hosts) {
    const service = findService(world, host, namespace)?.object
    if (!service || kindKey(service) !== SERVICE) continue
    if (!serviceHasWaypoint(world, service)) {
      const message = `The service ${fullName(service)} uses no waypoint, so this has no effect on its requests. Label the service istio.io/use-waypoint.`
      report(notEnrolled, object, null, message)
    }
    if (namespaceOf(service) !== namespace) {
      const message = `The waypoint of ${fullName(service)} reads only objects of the service's own namespace. Move this to ${namespaceOf(service)}.`
      report(elsewhere, object, null, message)
    }
  }
}

/** More than TLS and TCP limits. */
function needsHttp(object: ConfigObject): boolean {
  const { trafficPolicy, subsets } = specOf(object)
  const policies = [
    asFields(trafficPolicy),
    ...items(subsets).map(([subset]) => asFields(subset.trafficPolicy)),
  ]
  return (
    asList(subsets).length > 0 ||
    policies.some(
      (policy) =>
        isFields(policy.loadBalancer) ||
        isFields(policy.outlierDetection) ||
        isFields(asFields(policy.connectionPool).http),
    )
  )
}
