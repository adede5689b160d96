import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { SERVICE_ACCOUNT, WORKLOAD_GROUP } from '@/lib/validation/lookups/kinds'
import { selectorText } from '@/lib/validation/lookups/selectors'
import { asFields, asText, asTextMap, fullName, listed, specOf } from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'

/** A workload group has an account that exists, and labels of its own. */
export const workloadGroups: Checker = {
  codes: { KIA1701: 'warning', KIA1702: 'warning' },
  check(world, report) {
    world.each(WORKLOAD_GROUP, (object) => {
      const namespace = namespaceOf(object)
      const account = asText(asFields(specOf(object).template).serviceAccount)
      const isKnown = account === '' || world.find(SERVICE_ACCOUNT, namespace, account) !== undefined
      if (!isKnown && world.list(SERVICE_ACCOUNT).length > 0) {
        const message = `There is no service account ${namespace}/${account}: machines of the group get no identity. Create it, or correct the name.`
        report('KIA1701', object, ['spec', 'template', 'serviceAccount'], message)
      }
      const labels = groupLabels(object)
      if (labels === '') return
      const rivals = world
        .inNamespace(WORKLOAD_GROUP, namespace)
        .filter((other) => other !== object && groupLabels(other) === labels)
      if (rivals.length === 0) return
      const message = `${listed(rivals.map(fullName).sort())} has the same labels (${labels}): machines cannot be told apart. Give each group labels of its own.`
      report('KIA1702', object, ['spec', 'metadata', 'labels'], message)
    })
  },
}

function groupLabels(object: ConfigObject): string {
  return selectorText(asTextMap(asFields(specOf(object).metadata).labels))
}
