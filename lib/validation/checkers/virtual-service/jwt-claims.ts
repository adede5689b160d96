import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker, FieldPath } from '@/lib/validation/finding'
import { GATEWAY, REQUEST_AUTHENTICATION, VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { podsWith, selects, type Labels } from '@/lib/validation/lookups/selectors'
import { asFields, asTextMap, asTexts, fullName, labelsOf, specOf } from '@/lib/validation/read'
import { append, namespaceOf, type World } from '@/lib/validation/world'
import { httpMatches } from './destinations'

const CLAIM = '@request.auth.claims'

function indexAuthentications(world: World): ReadonlyMap<string, Labels[]> {
  const byNamespace = new Map<string, Labels[]>()
  world.each(REQUEST_AUTHENTICATION, (object) => {
    append(byNamespace, namespaceOf(object), asTextMap(asFields(specOf(object).selector).matchLabels))
  })
  return byNamespace
}

/** Routing by a claim needs a RequestAuthentication at the gateway: without one there are no claims. */
export const jwtClaims: Checker = {
  codes: { IST0149: 'error' },
  check(world, report) {
    world.each(VIRTUAL_SERVICE, (object) => {
      const claim = findClaim(object)
      if (!claim) return
      const byNamespace = world.derive(indexAuthentications)
      for (const name of asTexts(specOf(object).gateways)) {
        if (name === 'mesh') continue
        const slash = name.indexOf('/')
        const namespace = slash < 0 ? namespaceOf(object) : name.slice(0, slash)
        const gateway = world.find(GATEWAY, namespace, name.slice(slash + 1))
        if (!gateway) continue
        const open = podsWith(world, asTextMap(specOf(gateway).selector), null).find((pod) => {
          const selectors = [
            ...(byNamespace.get(world.mesh.rootNamespace) ?? []),
            ...(byNamespace.get(namespaceOf(pod)) ?? []),
          ]
          return !selectors.some((selector) => selects(selector, labelsOf(pod)))
        })
        if (!open) continue
        const message = `Routes match the claim ${claim.key}, but no RequestAuthentication applies to the pods of the Gateway ${fullName(gateway)} (${fullName(open)}), so no request has claims there. Create one that selects these pods.`
        report('IST0149', object, claim.path, message)
      }
    })
  },
}

function findClaim(object: ConfigObject): { key: string; path: FieldPath } | undefined {
  for (const { match, path } of httpMatches(specOf(object))) {
    for (const field of ['headers', 'withoutHeaders']) {
      const key = Object.keys(asFields(match[field])).find((name) => name.startsWith(CLAIM))
      if (key !== undefined) return { key, path: [...path, field, key] }
    }
  }
  return undefined
}
