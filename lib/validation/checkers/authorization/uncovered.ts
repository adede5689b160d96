import type { Checker } from '@/lib/validation/finding'
import { templateOf } from '@/lib/validation/lookups/injection'
import { AUTHORIZATION_POLICY } from '@/lib/validation/lookups/kinds'
import { selects } from '@/lib/validation/lookups/selectors'
import { WORKLOAD_KINDS } from '@/lib/validation/lookups/workloads'
import { asFields, asTextMap, specOf } from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'

/** A workload that no authorization policy covers lets everybody in. Left out unless it is asked for. */
export const uncovered: Checker = {
  codes: { KIA1301: 'warning' },
  check(world, report) {
    for (const kind of WORKLOAD_KINDS) {
      world.each(kind, (object) => {
        const { labels } = templateOf(object)
        const policies = [
          ...world.inNamespace(AUTHORIZATION_POLICY, namespaceOf(object)),
          ...world.inNamespace(AUTHORIZATION_POLICY, world.mesh.rootNamespace),
        ]
        const isCovered = policies.some((policy) =>
          selects(asTextMap(asFields(specOf(policy).selector).matchLabels), labels),
        )
        if (isCovered) return
        const message = `No AuthorizationPolicy covers this workload, so every caller is let in. Add one that names its callers.`
        report('KIA1301', object, null, message)
      })
    }
  },
}
