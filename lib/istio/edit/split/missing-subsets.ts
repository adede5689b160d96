/** Destinations that name a subset nobody defines: what is sent there fails with 503. */
import { resolveHost } from '@/lib/istio/hosts'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { asFields, asList, getAt, type Path } from '../fields'

export interface MissingSubset {
  path: Path
  subset: string
}

/** Those of a virtual service's rules that send to `host`, whose subsets are `defined`; other hosts are not judged. */
export function missingSubsets(
  object: ConfigObject,
  host: string,
  defined: readonly string[],
): MissingSubset[] {
  if (object.kind !== 'VirtualService') return []
  const namespace = object.metadata.namespace ?? ''
  return (['http', 'tls', 'tcp'] as const).flatMap((section) =>
    asList(getAt(object, ['spec', section])).flatMap((rule, index) => {
      const routes = asList(asFields(rule).route).map((route, place) => ({
        at: asFields(asFields(route).destination),
        path: ['spec', section, index, 'route', place, 'destination', 'subset'],
      }))
      const mirrors = asList(asFields(rule).mirrors).map((mirror, place) => ({
        at: asFields(asFields(mirror).destination),
        path: ['spec', section, index, 'mirrors', place, 'destination', 'subset'],
      }))
      const single = {
        at: asFields(asFields(rule).mirror),
        path: ['spec', section, index, 'mirror', 'subset'],
      }
      return [...routes, single, ...mirrors].flatMap(({ at, path }): MissingSubset[] => {
        const { host: written, subset } = at
        if (typeof written !== 'string' || typeof subset !== 'string' || subset === '') return []
        return resolveHost(written, namespace) !== host || defined.includes(subset) ? [] : [{ path, subset }]
      })
    }),
  )
}
