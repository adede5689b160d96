import type { Checker } from '@/lib/validation/finding'
import { isNamespaceAmbient, isPodAmbient } from '@/lib/validation/lookups/injection'
import { NAMESPACE, SIDECAR } from '@/lib/validation/lookups/kinds'
import { crowded, noPods, overlap, selectPods } from '@/lib/validation/lookups/workload-policies'
import type { Labels } from '@/lib/validation/lookups/selectors'
import { asFields, asTextMap, fullName, listed, specOf } from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'
import type { ConfigObject } from '@/lib/mesh/inventory'

/** Which proxies a Sidecar is for: some, no two for one, and proxies that read it at all. */
export const sidecars: Checker = {
  codes: { IST0101: 'error', IST0110: 'error', IST0111: 'error', IST0167: 'warning' },
  check(world, report) {
    const selection = selectPods(world, SIDECAR, selectorOf)
    const selector = ['spec', 'workloadSelector']
    for (const one of selection.unmatched) {
      report('IST0101', one.object, [...selector, 'labels'], noPods('Sidecar', one))
    }
    for (const one of selection.overlapping) {
      if (!isPodAmbient(one.pod)) report('IST0110', one.object, selector, overlap('Sidecar', one))
    }
    for (const [object, pods] of selection.pods) {
      const pod = pods.find(isPodAmbient)
      if (!pod) continue
      const message = `The pod ${pod.metadata.name} is in ambient mode and has no sidecar, so this Sidecar has no effect on it. Remove the object, or move the workload to sidecars.`
      report('IST0167', object, selector, message)
    }
    const forNamespace = world.list(SIDECAR).filter((object) => !selectorOf(object))
    for (const object of forNamespace) {
      if (!isNamespaceAmbient(world.find(NAMESPACE, '', namespaceOf(object)))) continue
      const message = `The namespace ${namespaceOf(object)} is in ambient mode: its pods have no sidecars, so this Sidecar has no effect. Remove it.`
      report('IST0167', object, null, message)
    }
    for (const list of crowded(forNamespace)) {
      const [first] = list
      if (!first || isNamespaceAmbient(world.find(NAMESPACE, '', namespaceOf(first)))) continue
      for (const object of list) {
        const others = list.filter((other) => other !== object).map(fullName)
        const message = `${listed(others.sort())} is for the whole namespace too; which Sidecar applies is not defined. Keep one without workloadSelector.`
        report('IST0111', object, ['metadata', 'name'], message)
      }
    }
  },
}

function selectorOf(object: ConfigObject): Labels | undefined {
  const labels = asTextMap(asFields(specOf(object).workloadSelector).labels)
  return Object.keys(labels).length > 0 ? labels : undefined
}
