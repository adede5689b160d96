import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { findService, fullHost } from '@/lib/validation/lookups/hosts'
import { DESTINATION_RULE } from '@/lib/validation/lookups/kinds'
import { podsWith } from '@/lib/validation/lookups/selectors'
import { clientMode, wideRules, widthOf } from '@/lib/validation/lookups/wide-tls'
import { asFields, asText, asTextMap, asTexts, fullName, items, listed, specOf } from '@/lib/validation/read'
import { append, namespaceOf, type World } from '@/lib/validation/world'

/** Rules by full host, those for more than a service left out. */
function indexRules(world: World): ReadonlyMap<string, readonly ConfigObject[]> {
  const byHost = new Map<string, ConfigObject[]>()
  world.each(DESTINATION_RULE, (object) => {
    if (widthOf(object) === undefined) append(byHost, hostOf(object), object)
  })
  return byHost
}

/** Destination rules that cover the same, undo another, or define subsets that are none. */
export const ruleOverlaps: Checker = {
  codes: { KIA0201: 'warning', KIA0204: 'warning', KIA0209: 'warning' },
  check(world, report) {
    world.each(DESTINATION_RULE, (object) => {
      if (widthOf(object) !== undefined) return
      const host = hostOf(object)
      const rivals = (world.lookup(indexRules, host) ?? []).filter(
        (other) => other !== object && meet(object, other) && coversSame(object, other),
      )
      if (rivals.length > 0) {
        const message = `${listed(rivals.map(fullName).sort())} covers the same of ${host}; only one of them counts, or their settings are merged in an order nobody sees. Keep one rule for the host.`
        report('KIA0201', object, ['spec', 'host'], message)
      }
      checkTls(object, host)
      checkSubsets(object)
    })

    function checkTls(object: ConfigObject, host: string): void {
      const policy = asFields(specOf(object).trafficPolicy)
      if (
        policy.tls !== undefined ||
        items(policy.portLevelSettings).some(([port]) => port.tls !== undefined)
      )
        return
      const namespace = /^[^.]+\.([^.]+)\.svc\.cluster\.local$/.exec(host)?.[1]
      if (namespace === undefined) return
      const wide = [...wideRules(world, namespace), ...wideRules(world, '*')].find(
        (rule) => clientMode(rule) === 'ISTIO_MUTUAL',
      )
      if (!wide || world.mesh.enableAutoMtls) return
      const message = `${fullName(wide)} makes callers use mutual TLS, but this rule, which is narrower, replaces it and says nothing of TLS: calls to ${host} go in plaintext. Repeat tls mode ISTIO_MUTUAL here.`
      report(
        'KIA0204',
        object,
        policy === specOf(object).trafficPolicy ? ['spec', 'trafficPolicy'] : ['spec', 'host'],
        message,
      )
    }

    function checkSubsets(object: ConfigObject): void {
      const subsets = items(specOf(object).subsets)
      const bare = subsets.filter(([subset]) => Object.keys(asTextMap(subset.labels)).length === 0)
      if (bare.length === 0) return
      const service = findService(world, asText(specOf(object).host), namespaceOf(object))
      const hasReal = subsets.some(([subset]) => {
        const labels = asTextMap(subset.labels)
        if (Object.keys(labels).length === 0 || !service) return false
        return podsWith(world, { ...service.selector, ...labels }, namespaceOf(service.object)).length > 0
      })
      for (const [subset, index] of bare) {
        const message = `The subset ${asText(subset.name)} has no labels, so it is all pods of the host. Give it the labels of a version.`
        report('KIA0209', object, ['spec', 'subsets', index], message, hasReal ? 'info' : undefined)
      }
    }
  },
}

function hostOf(object: ConfigObject): string {
  return fullHost(asText(specOf(object).host), namespaceOf(object))
}

/** True when both speak of the whole host, or of a subset of one name. */
function coversSame(a: ConfigObject, b: ConfigObject): boolean {
  const [own, other] = [a, b].map((rule) =>
    items(specOf(rule).subsets).map(([subset]) => asText(subset.name)),
  )
  if (own?.length === 0 || other?.length === 0) return own?.length === other?.length
  return own?.some((name) => other?.includes(name)) ?? false
}

/** True when some namespace sees both rules. */
function meet(a: ConfigObject, b: ConfigObject): boolean {
  const [own, other] = [a, b].map((rule) => {
    const to = asTexts(specOf(rule).exportTo)
    return to.length === 0 ? ['*'] : to.map((one) => (one === '.' ? namespaceOf(rule) : one))
  })
  if (!own || !other) return false
  return own.includes('*') || other.includes('*') || own.some((one) => other.includes(one))
}
