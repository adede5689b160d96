import type { Checker } from '@/lib/validation/finding'
import { CUSTOM_RESOURCE, SIDECAR, VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asFields, asText, isFields, items, specOf } from '@/lib/validation/read'

/** Kinds of role-based access control that Istio removed. */
const REMOVED = new Set(['ClusterRbacConfig', 'RbacConfig', 'ServiceRole', 'ServiceRoleBinding'])

/** Fields and kinds that Istio still reads, or no longer reads, and replaced. */
export const deprecatedFields: Checker = {
  codes: { IST0002: 'warning' },
  check(world, report) {
    world.each(VIRTUAL_SERVICE, (object) => {
      for (const [rule, index] of items(specOf(object).http)) {
        const { percent } = asFields(asFields(rule.fault).delay)
        if (typeof percent !== 'number' || percent <= 0) continue
        const message = `fault.delay.percent is going away. Write fault.delay.percentage.value: ${percent} instead.`
        report('IST0002', object, ['spec', 'http', index, 'fault', 'delay', 'percent'], message)
      }
    })
    world.each(SIDECAR, (object) => {
      if (!isFields(asFields(specOf(object).outboundTrafficPolicy).egressProxy)) return
      const message = 'outboundTrafficPolicy.egressProxy is ignored. Remove it.'
      report('IST0002', object, ['spec', 'outboundTrafficPolicy', 'egressProxy'], message)
    })
    world.each(CUSTOM_RESOURCE, (object) => {
      const { group, names } = specOf(object)
      const kind = asText(asFields(names).kind)
      if (group !== 'rbac.istio.io' || !REMOVED.has(kind)) return
      const message = `Istio no longer reads the kind ${kind}. Move its rules to AuthorizationPolicy, and remove the definition.`
      report('IST0002', object, ['spec', 'names', 'kind'], message)
    })
  },
}
