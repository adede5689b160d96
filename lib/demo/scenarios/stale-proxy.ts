import { REFUSED_LISTENERS_ANNOTATION } from '@/lib/demo/proxy/refusal'
import { add, all, change, note } from './change'
import type { Scenario } from './scenario'
import { findWorkload } from './targets'

const FILTER = 'envoy.filters.http.device_check'

export const staleProxy: Scenario = {
  name: 'stale-proxy',
  title: 'Stale proxies',
  description:
    'An EnvoyFilter adds a filter that no proxy has been built with: those it selects refuse the new listeners and ' +
    'go on with the old ones, so nothing fails, and no later change of listeners reaches them either. In Bookinfo ' +
    'they are those of productpage; delete the EnvoyFilter to let them catch up.',
  start(context) {
    const target =
      findWorkload(context.world, 'bookinfo/productpage-v1') ?? context.world.workloads.find(isCalled)
    if (target === undefined) return () => {}
    const { namespace, name, kind } = target
    const filter = {
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: 'device-check', namespace },
      spec: {
        workloadSelector: { labels: { app: target.app } },
        configPatches: [
          {
            applyTo: 'HTTP_FILTER',
            match: {
              context: 'SIDECAR_INBOUND',
              listener: {
                filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager' } },
              },
            },
            patch: {
              operation: 'INSERT_BEFORE',
              value: {
                name: FILTER,
                typed_config: {
                  '@type': 'type.googleapis.com/udpa.type.v1.TypedStruct',
                  type_url: 'type.googleapis.com/example.devicecheck.v1.DeviceCheck',
                },
              },
            },
          },
        ],
      },
    }
    const ref = { kind, group: 'apps', namespace, name }
    const refusal = {
      filter: filter.metadata.name,
      revision: context.store.revision,
      sinceMs: context.now(),
      details: `Error adding/updating listener(s) virtualInbound: Didn't find a registered implementation for '${FILTER}' with type URL: 'example.devicecheck.v1.DeviceCheck'`,
    }
    const ends = [
      add(context, filter),
      change(context, ref, (object) => ({
        ...object,
        metadata: {
          ...object.metadata,
          annotations: {
            ...object.metadata.annotations,
            [REFUSED_LISTENERS_ANNOTATION]: JSON.stringify(refusal),
          },
        },
      })),
    ]
    note(context, ref, {
      type: 'Warning',
      reason: 'ListenersRefused',
      message: `Its proxies refused the listeners istiod made with EnvoyFilter ${namespace}/${filter.metadata.name}`,
    })
    return all(...ends)
  },
}

/** A workload of a made-up mesh whose proxy receives. */
function isCalled({
  dataPlane,
  role,
  endpoints,
}: {
  dataPlane: string
  role?: string
  endpoints: unknown[]
}) {
  return dataPlane === 'sidecar' && role === undefined && endpoints.length > 0
}
