import type { Checker } from '@/lib/validation/finding'
import {
  DATA_PLANE,
  INJECTION,
  injectorValues,
  isSystemNamespace,
  REVISION,
} from '@/lib/validation/lookups/injection'
import { NAMESPACE } from '@/lib/validation/lookups/kinds'
import { asFields, labelsOf, listed } from '@/lib/validation/read'

/** Labels of namespaces that say whether their pods get sidecars. */
export const namespaces: Checker = {
  codes: { IST0102: 'info', IST0123: 'warning', IST0148: 'info' },
  check(world, report) {
    world.each(NAMESPACE, (object) => {
      const { name } = object.metadata
      if (isSystemNamespace(name) || name === 'istio-system' || name === world.mesh.rootNamespace) return
      const labels = labelsOf(object)
      const injection = labels[INJECTION]
      const revision = labels[REVISION]
      const given = [INJECTION, REVISION, DATA_PLANE].filter((key) => labels[key] !== undefined)
      // a namespace that refuses sidecars may say by other labels what it has instead
      if (given.length > 1 && (injection === undefined || injection === 'enabled')) {
        const message = `The namespace has several labels that choose its proxies (${listed(given.map((key) => `${key}=${labels[key] ?? ''}`))}); only one of them takes effect. Keep one.`
        report('IST0123', object, ['metadata', 'labels'], message)
      }
      if (labels[DATA_PLANE] === 'ambient' || injection || revision !== undefined) return
      const webhook = asFields(injectorValues(world, '')?.sidecarInjectorWebhook)
      if (webhook.enableNamespacesByDefault === true) {
        const message = `Pods of ${name} get sidecars because injection is on for all namespaces. If that is not wanted here, label it ${INJECTION}=disabled.`
        report('IST0148', object, ['metadata', 'name'], message)
      } else {
        const message = `Pods of ${name} get no sidecars. Label the namespace ${INJECTION}=enabled (or ${REVISION}=…, or ${DATA_PLANE}=ambient) to bring it into the mesh, or ${INJECTION}=disabled to keep it out.`
        report('IST0102', object, ['metadata', 'name'], message)
      }
    })
  },
}
