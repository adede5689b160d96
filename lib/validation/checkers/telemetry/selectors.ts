import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { TELEMETRY } from '@/lib/validation/lookups/kinds'
import type { Labels } from '@/lib/validation/lookups/selectors'
import { crowded, noPods, overlap, selectPods } from '@/lib/validation/lookups/workload-policies'
import { asFields, asList, asTextMap, fullName, isFields, listed, specOf } from '@/lib/validation/read'

/** Which pods a Telemetry is for: some, and no two for one. */
export const telemetrySelectors: Checker = {
  codes: { IST0101: 'error', IST0159: 'error', IST0160: 'error' },
  check(world, report) {
    const selection = selectPods(world, TELEMETRY, selectorOf)
    const selector = ['spec', 'selector']
    for (const one of selection.unmatched) {
      report('IST0101', one.object, [...selector, 'matchLabels'], noPods('Telemetry', one))
    }
    for (const one of selection.overlapping)
      report('IST0159', one.object, selector, overlap('Telemetry', one))
    const forNamespace = world.list(TELEMETRY).filter((object) => {
      const { selector: chosen, targetRef, targetRefs } = specOf(object)
      // attached to a gateway or service, it is not for the namespace
      return chosen === undefined && !isFields(targetRef) && asList(targetRefs).length === 0
    })
    for (const list of crowded(forNamespace)) {
      for (const object of list) {
        const others = list.filter((other) => other !== object).map(fullName)
        const message = `${listed(others.sort())} is for the whole namespace too; which Telemetry applies is not defined. Merge them into one.`
        report('IST0160', object, ['metadata', 'name'], message)
      }
    }
  },
}

function selectorOf(object: ConfigObject): Labels | undefined {
  const labels = asTextMap(asFields(specOf(object).selector).matchLabels)
  return Object.keys(labels).length > 0 ? labels : undefined
}
