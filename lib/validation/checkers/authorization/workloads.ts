import type { Checker } from '@/lib/validation/finding'
import { isPodAmbient, isPodInMesh } from '@/lib/validation/lookups/injection'
import { AUTHORIZATION_POLICY, NAMESPACE } from '@/lib/validation/lookups/kinds'
import { podsWith, selectorText } from '@/lib/validation/lookups/selectors'
import { asFields, asList, asText, asTextMap, isFields, items, specOf } from '@/lib/validation/read'
import { namespaceOf, type World } from '@/lib/validation/world'

/** An authorization policy has pods that enforce it, and names namespaces that exist. */
export const authorizationTargets: Checker = {
  codes: { IST0101: 'error', IST0127: 'warning' },
  check(world, report) {
    world.each(AUTHORIZATION_POLICY, (object) => {
      const spec = specOf(object)
      const namespace = namespaceOf(object)
      const isMeshWide = namespace === world.mesh.rootNamespace
      const hasSelector = isFields(spec.selector)
      // one that is attached to a gateway or service is enforced there
      const isAttached = isFields(spec.targetRef) || asList(spec.targetRefs).length > 0
      if (!isAttached && (hasSelector || !isMeshWide)) {
        const labels = asTextMap(asFields(spec.selector).matchLabels)
        const pods = podsWith(world, labels, isMeshWide ? null : namespace)
        if (!pods.some((pod) => isPodInMesh(world, pod) || isPodAmbient(pod))) {
          const who = hasSelector ? `with the labels ${selectorText(labels) || '(any)'}` : 'at all'
          const where = isMeshWide ? 'of the mesh' : `of namespace ${namespace}`
          const message = `No pod ${where} ${who} has a sidecar or is in ambient mode, so nothing enforces this policy. Correct the selector, or bring the pods into the mesh.`
          report('IST0127', object, hasSelector ? ['spec', 'selector'] : ['metadata', 'name'], message)
        }
      }
      for (const [rule, i] of items(spec.rules)) {
        for (const [from, j] of items(rule.from)) {
          for (const field of ['namespaces', 'notNamespaces']) {
            for (const [k, value] of asList(asFields(from.source)[field]).entries()) {
              const pattern = asText(value)
              if (pattern === '' || hasNamespace(world, pattern)) continue
              const message = `No namespace matches ${pattern}, so this part of the rule never applies. Correct the name.`
              report('IST0101', object, ['spec', 'rules', i, 'from', j, 'source', field, k], message)
            }
          }
        }
      }
    })
  },
}

function hasNamespace(world: World, pattern: string): boolean {
  return world.list(NAMESPACE).some((object) => matches(pattern, object.metadata.name))
}

/** `*`, `prefix*`, `*suffix` or a name in any case. */
function matches(pattern: string, name: string): boolean {
  if (pattern === '*') return true
  if (pattern.startsWith('*')) return name.endsWith(pattern.slice(1))
  if (pattern.endsWith('*')) return name.startsWith(pattern.slice(0, -1))
  return name.toLowerCase() === pattern.toLowerCase()
}
