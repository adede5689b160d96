import type { Checker } from '@/lib/validation/finding'
import { DEPLOYMENT, NAMESPACE, POD, SERVICE } from '@/lib/validation/lookups/kinds'
import { annotationsOf, items, specOf } from '@/lib/validation/read'
import { findAnnotation, isIstioAnnotation, SET_BY_CONTROLLERS } from './known'

/** What istiod sets on pods by itself where the CNI plugin redirects their traffic. */
const SET_WITH_CNI = new Set([
  'sidecar.istio.io/interceptionMode',
  'traffic.sidecar.istio.io/includeInboundPorts',
  'traffic.sidecar.istio.io/excludeInboundPorts',
  'traffic.sidecar.istio.io/includeOutboundIPRanges',
])

/** Annotations that may change or vanish with any release. */
export const alphaAnnotations: Checker = {
  codes: { IST0136: 'info' },
  check(world, report) {
    for (const kind of [NAMESPACE, SERVICE, POD, DEPLOYMENT] as const) {
      world.each(kind, (object) => {
        const isCni =
          kind === POD &&
          !items(specOf(object).initContainers).some(([container]) => container.name === 'istio-init')
        for (const name of Object.keys(annotationsOf(object))) {
          if (!isIstioAnnotation(name) || SET_BY_CONTROLLERS.has(name)) continue
          if (!findAnnotation(name)?.isAlpha || (isCni && SET_WITH_CNI.has(name))) continue
          const message = `The annotation ${name} is alpha: it may change or vanish with any release of Istio. Read the release notes before an upgrade.`
          report('IST0136', object, ['metadata', 'annotations', name], message)
        }
      })
    }
  },
}
