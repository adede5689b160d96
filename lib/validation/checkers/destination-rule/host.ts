import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { coversHost, findService } from '@/lib/validation/lookups/hosts'
import { DESTINATION_RULE, NODE, WORKLOAD_ENTRY } from '@/lib/validation/lookups/kinds'
import { podsWith, selects, selectorText, type Labels } from '@/lib/validation/lookups/selectors'
import { asFields, asText, asTextMap, asTexts, items, labelsOf, specOf } from '@/lib/validation/read'
import { namespaceOf, type World } from '@/lib/validation/world'

/** A destination rule is for a service that exists, and its subsets have pods. */
export const host: Checker = {
  codes: { IST0173: 'error', IST0174: 'warning' },
  check(world, report) {
    world.each(DESTINATION_RULE, (object) => {
      const spec = specOf(object)
      const name = asText(spec.host)
      if (name === '') return
      const service = findService(world, name, namespaceOf(object), asTexts(spec.exportTo))
      if (!service) {
        // it is for each of the services it covers
        if (name.startsWith('*') && coversHost(world, name)) return
        const message = `No service or ServiceEntry that is visible from namespace ${namespaceOf(object)} has the host ${name}, so this rule applies to nothing. Correct the host, or remove the rule.`
        report('IST0174', object, ['spec', 'host'], message)
        return
      }
      // endpoints that are listed, or kept by hand, are no pods
      if (Object.keys(service.selector).length === 0) return
      const home = namespaceOf(service.object)
      for (const [subset, index] of items(spec.subsets)) {
        const labels = { ...service.selector, ...asTextMap(subset.labels) }
        if (hasPod(world, labels, home) || hasWorkloadEntry(world, labels, home)) continue
        const message = `No pod or WorkloadEntry has the labels of the subset ${asText(subset.name)} (${selectorText(labels)}): requests to it fail with 503. Correct the labels, or deploy the version before routing to it.`
        report('IST0173', object, ['spec', 'subsets', index, 'labels'], message)
      }
    })
  },
}

const HOSTNAME = 'kubernetes.io/hostname'
/** What istiod adds to an endpoint's labels from its node; a subset may choose by them. */
export const TOPOLOGY_LABELS: readonly string[] = [
  HOSTNAME,
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.istio.io/subzone',
]

function hasPod(world: World, labels: Labels, namespace: string): boolean {
  const places = TOPOLOGY_LABELS.filter((key) => key in labels)
  if (places.length === 0) return podsWith(world, labels, namespace).length > 0
  // places are not known without nodes
  if (world.list(NODE).length === 0) return true
  const own = Object.fromEntries(Object.entries(labels).filter(([key]) => !places.includes(key)))
  const wanted = Object.fromEntries(places.map((key) => [key, labels[key] ?? '']))
  return podsWith(world, own, namespace).some((pod) => selects(wanted, placeOf(world, pod)))
}

/** Machines outside the cluster answer beside pods, and subsets choose among them in the same way. */
function hasWorkloadEntry(world: World, labels: Labels, namespace: string): boolean {
  return world
    .inNamespace(WORKLOAD_ENTRY, namespace)
    .some((entry) => selects(labels, { ...labelsOf(entry), ...asTextMap(specOf(entry).labels) }))
}

function placeOf(world: World, pod: ConfigObject): Labels {
  const name = asText(asFields(pod.spec).nodeName)
  const node = name === '' ? undefined : world.find(NODE, '', name)
  return node ? { ...labelsOf(pod), ...labelsOf(node), [HOSTNAME]: name } : labelsOf(pod)
}
