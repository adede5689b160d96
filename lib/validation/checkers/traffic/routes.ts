import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker, FieldPath } from '@/lib/validation/finding'
import { durationMs } from '@/lib/validation/lookups/durations'
import { fullHost } from '@/lib/validation/lookups/hosts'
import { DESTINATION_RULE, GRPC_ROUTE, HTTP_ROUTE, VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import {
  asFields,
  asText,
  asTexts,
  findNumber,
  fullName,
  isFields,
  items,
  listed,
  specOf,
  type Fields,
} from '@/lib/validation/read'
import { append, namespaceOf, type World } from '@/lib/validation/world'

/** Routes of the Gateway API that hang on services, by the host of the service. */
function indexServiceRoutes(world: World): ReadonlyMap<string, readonly ConfigObject[]> {
  const byHost = new Map<string, ConfigObject[]>()
  world.each(HTTP_ROUTE, (object) => {
    for (const [parent] of items(specOf(object).parentRefs)) {
      if (parent.kind !== 'Service') continue
      append(byHost, fullHost(asText(parent.name), asText(parent.namespace) || namespaceOf(object)), object)
    }
  })
  return byHost
}

/** What routes and rules say is what will happen. */
export const trafficRoutes: Checker = {
  codes: { HED0004: 'warning', HED0006: 'warning', HED0007: 'warning', HED0008: 'warning' },
  check(world, report) {
    world.each(VIRTUAL_SERVICE, (object) => {
      const spec = specOf(object)
      for (const [rule, i] of items(spec.http)) {
        const weights = items(rule.route).map(([route]) => findNumber(route.weight) ?? 0)
        const sum = weights.reduce((total, weight) => total + weight, 0)
        if (weights.length > 1 && sum > 0 && sum !== 100) {
          const shares = weights.map((weight) => `${Math.round((weight / sum) * 1000) / 10} %`)
          const message = `The weights ${weights.join(', ')} make ${sum}, not 100: they are relative, and the shares are ${shares.join(', ')}. Write weights that make 100.`
          report('HED0004', object, ['spec', 'http', i, 'route'], message)
        }
        const timeoutMs = durationMs(rule.timeout)
        const retries = asFields(rule.retries)
        const tryMs = durationMs(retries.perTryTimeout)
        const tries = (findNumber(retries.attempts) ?? 0) + 1
        if (timeoutMs && tryMs && tries > 1 && tries * tryMs > timeoutMs) {
          const message = `${tries} tries of ${asText(retries.perTryTimeout)} may take longer than the timeout of ${asText(rule.timeout)}, which ends them all: the last tries are cut off or never made. Shorten perTryTimeout, or lengthen the timeout.`
          report('HED0007', object, ['spec', 'http', i, 'retries'], message)
        }
      }
      const gateways = asTexts(spec.gateways)
      if (gateways.length > 0 && !gateways.includes('mesh')) return
      for (const [index, host] of asTexts(spec.hosts).entries()) {
        const routes = world.lookup(indexServiceRoutes, fullHost(host, namespaceOf(object))) ?? []
        if (routes.length === 0) continue
        const message = `${listed(routes.map(fullName).sort())} (HTTPRoute) routes requests for ${host} too; only one of the two is in force, and sidecars and waypoints need not agree which. Keep one.`
        report('HED0006', object, ['spec', 'hosts', index], message)
      }
    })
    for (const kind of [HTTP_ROUTE, GRPC_ROUTE] as const) {
      world.each(kind, (object) => {
        for (const [rule, i] of items(specOf(object).rules)) {
          const backends = items(rule.backendRefs)
          if (backends.length === 0 || backends.some(([backend]) => backend.weight !== 0)) continue
          const message = `No destination of the rule has a weight above 0, so all its requests are answered with ${kind === HTTP_ROUTE ? '500' : 'UNAVAILABLE'}. Give at least one a weight.`
          report('HED0004', object, ['spec', 'rules', i, 'backendRefs'], message)
        }
      })
    }
    world.each(DESTINATION_RULE, (object) => {
      for (const { outlier, path } of outlierDetections(object)) {
        const never = ['consecutive5xxErrors', 'consecutiveGatewayErrors'].every((key) => outlier[key] === 0)
        if (never && outlier.splitExternalLocalOriginErrors !== true) {
          report(
            'HED0008',
            object,
            path,
            'Both kinds of errors are set to 0, which switches them off: nothing is ever ejected. Set one of them to the number of errors in a row.',
          )
        }
        if (
          findNumber(outlier.maxEjectionPercent) === 100 &&
          (findNumber(outlier.minHealthPercent) ?? 0) === 0
        ) {
          const message =
            'All endpoints may be ejected at once, and minHealthPercent is 0: when all fail, the pool is empty and every request gets 503. Keep maxEjectionPercent below 100, or set minHealthPercent.'
          report('HED0008', object, [...path, 'maxEjectionPercent'], message)
        }
      }
    })
  },
}

/** Of the rule, of its ports and of its subsets. */
function outlierDetections(object: ConfigObject): { outlier: Fields; path: FieldPath }[] {
  const spec = specOf(object)
  const policies = [
    { policy: asFields(spec.trafficPolicy), path: ['spec', 'trafficPolicy'] as FieldPath },
    ...items(spec.subsets).map(([subset, at]) => ({
      policy: asFields(subset.trafficPolicy),
      path: ['spec', 'subsets', at, 'trafficPolicy'] as FieldPath,
    })),
  ]
  return policies
    .flatMap(({ policy, path }) => [
      { outlier: policy.outlierDetection, path: [...path, 'outlierDetection'] },
      ...items(policy.portLevelSettings).map(([port, at]) => ({
        outlier: port.outlierDetection,
        path: [...path, 'portLevelSettings', at, 'outlierDetection'],
      })),
    ])
    .flatMap(({ outlier, path }) => (isFields(outlier) ? [{ outlier, path }] : []))
}
