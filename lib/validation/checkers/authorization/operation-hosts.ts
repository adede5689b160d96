import type { Checker } from '@/lib/validation/finding'
import { parseServiceHost } from '@/lib/istio/hosts'
import { findService } from '@/lib/validation/lookups/hosts'
import { AUTHORIZATION_POLICY, NAMESPACE, VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asFields, asList, asText, asTexts, items, specOf } from '@/lib/validation/read'
import { namespaceOf, type World } from '@/lib/validation/world'

function routedHosts(world: World): ReadonlyMap<string, true> {
  return new Map(
    world
      .list(VIRTUAL_SERVICE)
      .flatMap((object) => asTexts(specOf(object).hosts))
      .map((host) => [host, true]),
  )
}

/** Hosts of operations that are written as services of the mesh are services of the mesh. */
export const operationHosts: Checker = {
  codes: { KIA0104: 'error' },
  check(world, report) {
    world.each(AUTHORIZATION_POLICY, (object) => {
      for (const [rule, i] of items(specOf(object).rules)) {
        for (const [to, j] of items(rule.to)) {
          for (const [k, value] of asList(asFields(to.operation).hosts).entries()) {
            const host = asText(value).replace(/:\d+$/, '')
            if (host === '' || isKnown(world, host, namespaceOf(object))) continue
            const message = `No service of the mesh has the host ${host}, so this part of the rule never applies. Correct the host.`
            const isOpen = world.mesh.outboundTrafficPolicy === 'ALLOW_ANY'
            report(
              'KIA0104',
              object,
              ['spec', 'rules', i, 'to', j, 'operation', 'hosts', k],
              message,
              isOpen ? 'warning' : undefined,
            )
          }
        }
      }
    })
  },
}

/** Wildcards and names of the outside are not for the registry to know. */
function isKnown(world: World, host: string, namespace: string): boolean {
  if (host.includes('*') || world.lookup(routedHosts, host)) return true
  const [name = '', second = '', ...rest] = host.split('.')
  if (second === '') return findService(world, name, namespace) !== undefined
  const isShort = rest.length === 0 && world.find(NAMESPACE, '', second) !== undefined
  const full = isShort ? `${name}.${second}.svc.cluster.local` : host
  if (!isShort && !parseServiceHost(host)) return true
  return findService(world, full.endsWith('.svc') ? `${full}.cluster.local` : full, namespace) !== undefined
}
