import { NOT_READY_ANNOTATION } from '@/lib/demo/kubernetes/controller'
import { all, change } from './change'
import type { Scenario } from './scenario'
import { findService, servicesByCallers, workloadsOf } from './targets'

export const hubOutage: Scenario = {
  name: 'hub-outage',
  title: 'Hub outage',
  description:
    'The pods of a service that many depend on fail their readiness probe: its callers get 503 with flag UH, ' +
    'and theirs fail in turn. In the boutique it is productcatalogservice.',
  start(context) {
    const { world } = context
    const hub = findService(world, 'boutique/productcatalogservice') ?? servicesByCallers(world)[0]?.service
    if (hub === undefined) return () => {}
    const ends = workloadsOf(world, hub).map(({ kind, namespace, name }) =>
      change(context, { kind, group: 'apps', namespace, name }, (object) => ({
        ...object,
        metadata: {
          ...object.metadata,
          annotations: { ...object.metadata.annotations, [NOT_READY_ANNOTATION]: 'true' },
        },
      })),
    )
    return all(...ends)
  },
}
