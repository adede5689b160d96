import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { isPodAmbient, proxyImage } from '@/lib/validation/lookups/injection'
import { AUTHORIZATION_POLICY, SERVICE } from '@/lib/validation/lookups/kinds'
import { podsWith, selects, type Labels } from '@/lib/validation/lookups/selectors'
import type { ServiceLatency } from '@/lib/validation/observed'
import {
  annotationsOf,
  asFields,
  asList,
  asText,
  asTextMap,
  isFields,
  items,
  labelsOf,
  listed,
  specOf,
} from '@/lib/validation/read'
import { append, namespaceOf, type World } from '@/lib/validation/world'

const EVERYWHERE = '*'

/** Services that were asked within the window, by namespace, and all of them. */
function indexAsked(world: World): ReadonlyMap<string, readonly ServiceLatency[]> {
  const asked = new Map<string, ServiceLatency[]>()
  for (const service of world.observed?.latencies ?? []) {
    if (service.requests < 1) continue
    append(asked, service.namespace, service)
    append(asked, EVERYWHERE, service)
  }
  return asked
}

/**
 * A policy that lets nobody in, at services that are asked all the same: one of allowing without a rule where no other
 * allows anything, or one of denying with a rule that is everyone's.
 * https://istio.io/latest/docs/concepts/security/#allow-nothing-deny-all-and-allow-all-policy
 */
export const refusedCallers: Checker = {
  codes: { HED0014: 'error' },
  check(world, report) {
    world.each(AUTHORIZATION_POLICY, (object) => {
      const action = actionOf(object)
      const everyones = items(specOf(object).rules).findIndex(([rule]) =>
        ['from', 'to', 'when'].every((part) => asList(rule[part]).length === 0),
      )
      const refusesAll = action === 'ALLOW' ? !hasRules(object) : action === 'DENY' && everyones >= 0
      if (!refusesAll || !isInForce(object)) return
      const isMeshWide = namespaceOf(object) === world.mesh.rootNamespace
      const hit = (world.lookup(indexAsked, isMeshWide ? EVERYWHERE : namespaceOf(object)) ?? []).filter(
        ({ namespace, service }) => {
          const pods = podsOf(world, namespace, service).filter((pod) => isSelected(object, pod))
          return pods.some((pod) => action === 'DENY' || !isAllowedSome(world, pod))
        },
      )
      if (hit.length === 0) return
      const services = [...new Set(hit.map(({ namespace, service }) => `${namespace}/${service}`))].sort()
      const what =
        action === 'DENY'
          ? 'This policy denies every request'
          : 'This policy allows nothing, and no other allows anything there'
      const message = `${what}: calls to ${listed(services)} are refused with 403, and there are such calls now. Allow their callers first, or try the policy with the annotation istio.io/dry-run.`
      report('HED0014', object, action === 'DENY' ? ['spec', 'rules', everyones] : ['spec'], message)
    })
  },
}

function actionOf(object: ConfigObject): string {
  return asText(specOf(object).action) || 'ALLOW'
}

function hasRules(object: ConfigObject): boolean {
  return asList(specOf(object).rules).length > 0
}

/** Enforced at the pods that it selects: not in a dry run, and not attached to a gateway, waypoint or service. */
function isInForce(object: ConfigObject): boolean {
  const { targetRef, targetRefs } = specOf(object)
  const isAttached = isFields(targetRef) || asList(targetRefs).length > 0
  return !isAttached && annotationsOf(object)['istio.io/dry-run'] !== 'true'
}

function isSelected(object: ConfigObject, pod: ConfigObject): boolean {
  return selects(asTextMap(asFields(specOf(object).selector).matchLabels), labelsOf(pod))
}

/** Pods of a service that enforce policies. */
function podsOf(world: World, namespace: string, service: string): readonly ConfigObject[] {
  const object = world.find(SERVICE, namespace, service)
  const selector: Labels = asTextMap(object && specOf(object).selector)
  if (Object.keys(selector).length === 0) return []
  return podsWith(world, selector, namespace).filter(
    (pod) => proxyImage(specOf(pod)) !== '' || isPodAmbient(pod),
  )
}

/** Whether some policy with rules may let a caller in; whom is not judged. */
function isAllowedSome(world: World, pod: ConfigObject): boolean {
  return [...new Set([namespaceOf(pod), world.mesh.rootNamespace])].some((namespace) =>
    world
      .inNamespace(AUTHORIZATION_POLICY, namespace)
      .some((one) => actionOf(one) === 'ALLOW' && hasRules(one) && isInForce(one) && isSelected(one, pod)),
  )
}
