import type { Checker } from '@/lib/validation/finding'
import { INJECT } from '@/lib/validation/lookups/injection'
import { DEPLOYMENT, NAMESPACE, POD, SERVICE } from '@/lib/validation/lookups/kinds'
import { annotationsOf, labelsOf } from '@/lib/validation/read'
import { findAnnotation, isIstioAnnotation, SET_BY_CONTROLLERS } from './known'
import { VALUE_RULES } from './values'

/** Istio's annotations: known, on a kind that reads them, with a value that can be read. */
export const annotationPlacement: Checker = {
  codes: { IST0107: 'warning', IST0108: 'warning', IST0125: 'warning', IST0135: 'info' },
  check(world, report) {
    for (const kind of [NAMESPACE, SERVICE, POD, DEPLOYMENT] as const) {
      world.each(kind, (object) => {
        for (const [name, value] of Object.entries(annotationsOf(object))) {
          if (!isIstioAnnotation(name) || SET_BY_CONTROLLERS.has(name)) continue
          const path = ['metadata', 'annotations', name]
          const known = findAnnotation(name)
          if (!known) {
            const message = `Istio knows no annotation ${name}, so it has no effect. Correct its name, or remove it.`
            report('IST0108', object, path, message)
            continue
          }
          // who sets label and annotation does so for old control planes
          const hasReplacement = name === INJECT && labelsOf(object)[INJECT] !== undefined
          if (known.isDeprecated && !hasReplacement) {
            const instead =
              name === INJECT
                ? `Set the label ${INJECT} instead.`
                : 'Look for its replacement in the proxy settings (proxy.istio.io/config) or the Telemetry API.'
            report('IST0135', object, path, `The annotation ${name} is going away. ${instead}`)
          }
          if (known.holders.includes('Any')) continue
          if (!known.holders.some((holder) => holder === object.kind)) {
            const where =
              object.kind === 'Deployment' && known.holders.includes('Pod')
                ? 'the pod template'
                : known.holders.join(' or ')
            const message = `The annotation ${name} has no effect on a ${object.kind}. Move it to ${where}.`
            report('IST0107', object, path, message)
            continue
          }
          const problem = VALUE_RULES[name]?.(value)
          if (problem === undefined) continue
          report('IST0125', object, path, `The value of ${name} (${value.slice(0, 80)}) ${problem}.`)
        }
      })
    }
  },
}
