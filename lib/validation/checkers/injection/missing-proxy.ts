import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import {
  DATA_PLANE,
  INJECT,
  INJECTION,
  isSystemNamespace,
  proxyImage,
  REVISION,
} from '@/lib/validation/lookups/injection'
import { NAMESPACE, POD } from '@/lib/validation/lookups/kinds'
import { annotationsOf, labelsOf, specOf } from '@/lib/validation/read'

/** Pods of namespaces that inject, which have no proxy: made before injection was switched on, most often. */
export const missingProxy: Checker = {
  codes: { IST0103: 'warning' },
  check(world, report) {
    world.each(NAMESPACE, (namespace) => {
      if (!injects(namespace)) return
      for (const pod of world.inNamespace(POD, namespace.metadata.name)) {
        const choice = labelsOf(pod)[INJECT] ?? annotationsOf(pod)[INJECT] ?? ''
        const spec = specOf(pod)
        if (choice.toLowerCase() === 'false' || spec.hostNetwork === true || proxyImage(spec) !== '') continue
        const message = `The namespace injects sidecars, but this pod has none: it was made before, or injection failed. Restart it; if it shall stay out of the mesh, label it ${INJECT}=false.`
        report('IST0103', pod, ['spec', 'containers'], message)
      }
    })
  },
}

function injects(namespace: ConfigObject): boolean {
  const labels = labelsOf(namespace)
  if (isSystemNamespace(namespace.metadata.name) || labels[DATA_PLANE] === 'ambient') return false
  const injection = labels[INJECTION]
  return injection === 'enabled' || (!injection && labels[REVISION] !== undefined)
}
