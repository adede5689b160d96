import type { Checker } from '@/lib/validation/finding'
import { findService } from '@/lib/validation/lookups/hosts'
import { SIDECAR, VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asFields, asList, asText, asTextMap, asTexts, isFields, items, specOf } from '@/lib/validation/read'
import { namespaceOf, type World } from '@/lib/validation/world'

function routedHosts(world: World): ReadonlyMap<string, true> {
  return new Map(
    world
      .list(VIRTUAL_SERVICE)
      .flatMap((object) => asTexts(specOf(object).hosts))
      .map((host) => [host, true]),
  )
}

/** What a Sidecar lets its proxies reach exists, and its settings take effect. */
export const sidecarSettings: Checker = {
  codes: { KIA1004: 'warning', KIA1006: 'warning', KIA1007: 'info' },
  check(world, report) {
    world.each(SIDECAR, (object) => {
      const spec = specOf(object)
      for (const [egress, i] of items(spec.egress)) {
        for (const [j, value] of asList(egress.hosts).entries()) {
          const text = asText(value)
          const host = text.slice(text.indexOf('/') + 1)
          const scope = text.slice(0, text.indexOf('/'))
          if (host === '' || host.includes('*') || !text.includes('/') || world.lookup(routedHosts, host))
            continue
          const namespace = scope === '.' || scope === '*' || scope === '~' ? namespaceOf(object) : scope
          if (findService(world, host, namespace)) continue
          const message = `No service or ServiceEntry has the host ${host}, so this lets nothing through. Write the full name, such as a.b.svc.cluster.local, or remove it.`
          report('KIA1004', object, ['spec', 'egress', i, 'hosts', j], message)
        }
      }
      const selector = asTextMap(asFields(spec.workloadSelector).labels)
      if (namespaceOf(object) === world.mesh.rootNamespace && Object.keys(selector).length > 0) {
        const message = `In the root namespace a Sidecar is the default for all namespaces, and a selector has no meaning there. Remove the selector, or move the object to its workloads.`
        report('KIA1006', object, ['spec', 'workloadSelector'], message)
      }
      const policy = spec.outboundTrafficPolicy
      if (isFields(policy) && asText(policy.mode) === '') {
        const message = `outboundTrafficPolicy says no mode, which means REGISTRY_ONLY, not the mesh's own (${world.mesh.outboundTrafficPolicy}). Write the mode you mean.`
        report('KIA1007', object, ['spec', 'outboundTrafficPolicy'], message)
      }
    })
  },
}
