import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { fullHost } from '@/lib/validation/lookups/hosts'
import { DESTINATION_RULE, HTTP_ROUTE, VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
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
    world.each(DESTINATION_RULE, (object) => {
      const outlier = asFields(specOf(object).trafficPolicy).outlierDetection
      if (!isFields(outlier)) return
      const path = ['spec', 'trafficPolicy', 'outlierDetection']
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
    })
  },
}

/** Milliseconds of `1m30s`, `250ms`; undefined for none, zero or anything else. */
function durationMs(value: unknown): number | undefined {
  const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
  const text = asText(value)
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined
  let total = 0
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    total += Number(amount) * (UNITS[unit] ?? 0)
  return total > 0 ? total : undefined
}
