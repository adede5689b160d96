import { actionOf, isDryRun } from '@/lib/istio/authorization'
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { hasTargetRefs } from '@/lib/validation/lookups/ambient'
import { isPodAmbient, proxyImage } from '@/lib/validation/lookups/injection'
import { AUTHORIZATION_POLICY, SERVICE } from '@/lib/validation/lookups/kinds'
import { podsWith, selects, type Labels } from '@/lib/validation/lookups/selectors'
import { asFields, asList, asTextMap, items, labelsOf, listed, specOf } from '@/lib/validation/read'
import { append, namespaceOf, type World } from '@/lib/validation/world'

const EVERYWHERE = '*'

interface Asked {
  namespace: string
  service: string
  /** of its pods */
  selector: Labels
}

/** Services that were asked within the window. How often is left out: it wavers, and nothing follows from it. */
function listAsked(world: World): readonly Asked[] {
  return (world.observed?.latencies ?? []).flatMap(({ namespace, service, requests }) => {
    const object = requests < 1 ? undefined : world.find(SERVICE, namespace, service)
    const selector = asTextMap(object && specOf(object).selector)
    return Object.keys(selector).length === 0 ? [] : [{ namespace, service, selector }]
  })
}

/** A service that was asked, once for each of its pods that enforce policies. */
interface Reached {
  namespace: string
  service: string
  /** of the pod */
  labels: Labels
}

/** By namespace, and all of them. */
function indexReached(world: World): ReadonlyMap<string, readonly Reached[]> {
  const reached = new Map<string, Reached[]>()
  for (const { namespace, service, selector } of world.derive(listAsked)) {
    for (const pod of podsWith(world, selector, namespace)) {
      if (proxyImage(specOf(pod)) === '' && !isPodAmbient(pod)) continue
      const one = { namespace, service, labels: labelsOf(pod) }
      append(reached, namespace, one)
      append(reached, EVERYWHERE, one)
    }
  }
  return reached
}

/** Those where no policy lets anybody in; whom the others do is not judged. */
function indexUnallowed(world: World): ReadonlyMap<string, readonly Reached[]> {
  const allowing = world.derive(indexAllowing)
  const unallowed = new Map<string, Reached[]>()
  for (const one of world.derive(indexReached).get(EVERYWHERE) ?? []) {
    const pairs = [EVERYWHERE, ...Object.entries(one.labels).map(pairText)]
    const isAllowedSome = [one.namespace, world.mesh.rootNamespace].some((namespace) =>
      pairs.some((pair) =>
        allowing.get(`${namespace} ${pair}`)?.some((selector) => selects(selector, one.labels)),
      ),
    )
    if (isAllowedSome) continue
    append(unallowed, one.namespace, one)
    append(unallowed, EVERYWHERE, one)
  }
  return unallowed
}

/** Selectors of the policies that let somebody in, by namespace and the first pair of each. */
function indexAllowing(world: World): ReadonlyMap<string, readonly Labels[]> {
  const allowing = new Map<string, Labels[]>()
  for (const object of world.list(AUTHORIZATION_POLICY)) {
    if (actionOf(object) !== 'ALLOW' || !hasRules(object) || !isInForce(object)) continue
    const selector = selectorOf(object)
    const [first] = Object.entries(selector)
    append(allowing, `${namespaceOf(object)} ${first ? pairText(first) : EVERYWHERE}`, selector)
  }
  return allowing
}

function pairText([key, value]: readonly [string, string]): string {
  return `${key}=${value}`
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
      const reached = world.lookup(
        action === 'DENY' ? indexReached : indexUnallowed,
        isMeshWide ? EVERYWHERE : namespaceOf(object),
      )
      const selector = selectorOf(object)
      const hit = (reached ?? []).filter(({ labels }) => selects(selector, labels))
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

function hasRules(object: ConfigObject): boolean {
  return asList(specOf(object).rules).length > 0
}

/** Enforced at the pods that it selects: not in a dry run, and not attached to a gateway, waypoint or service. */
function isInForce(object: ConfigObject): boolean {
  return !hasTargetRefs(object) && !isDryRun(object)
}

function selectorOf(object: ConfigObject): Labels {
  return asTextMap(asFields(specOf(object).selector).matchLabels)
}
