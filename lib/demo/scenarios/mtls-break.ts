import { fields } from '@/lib/demo/traffic/config/read'
import { add, all, change, note } from './change'
import type { Scenario } from './scenario'

export const mtlsBreak: Scenario = {
  name: 'mtls-break',
  title: 'mTLS break',
  description:
    'Payments is set to STRICT while it still has callers in plain text. Those without a sidecar (the point ' +
    'of sale, the reports) fall silent; the boutique, whose destination rule turns TLS off, gets 503 with flag UC.',
  start(context) {
    const { world } = context
    const isThere = world.services.some((service) => service.namespace === 'payments')
    const namespace = isThere ? 'payments' : firstCalledFromOutside(world)
    if (namespace === undefined) return () => {}
    const policy = { kind: 'PeerAuthentication', group: 'security.istio.io', namespace, name: 'default' }
    // left over from the time before the migration: harmless while plain text is accepted
    const leftOver = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'payments-api-plaintext', namespace: 'boutique' },
      spec: {
        host: 'payments-api.payments.svc.cluster.local',
        exportTo: ['.'],
        trafficPolicy: { tls: { mode: 'DISABLE' } },
      },
    }
    const ends = [
      ...(isThere ? [add(context, leftOver)] : []),
      add(context, {
        apiVersion: 'security.istio.io/v1',
        kind: 'PeerAuthentication',
        metadata: { name: 'default', namespace },
        spec: { mtls: { mode: 'STRICT' } },
      }),
      change(context, policy, (object) => ({
        ...object,
        spec: { ...fields(object.spec), mtls: { mode: 'STRICT' } },
      })),
    ]
    note(context, policy, { type: 'Normal', reason: 'ModeChanged', message: 'mTLS mode set to STRICT' })
    return all(...ends)
  },
}

/** A namespace that workloads without a proxy call. */
function firstCalledFromOutside(world: { entries: readonly { source: unknown; target: object }[] }) {
  for (const { source, target } of world.entries) {
    if (source === null && 'namespace' in target && typeof target.namespace === 'string') {
      if (!target.namespace.startsWith('istio-')) return target.namespace
    }
  }
  return undefined
}
