import { parse, stringify } from 'yaml'
import { fields, text } from '@/lib/demo/traffic/config/read'
import { add, all, change, note } from './change'
import type { Scenario } from './scenario'

const REGISTRY_ONLY = { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }

export const egressBlock: Scenario = {
  name: 'egress-block',
  title: 'Egress block',
  description:
    'The mesh is set to REGISTRY_ONLY: what leaves for hosts without a ServiceEntry ends in the ' +
    'BlackHoleCluster. Register the hosts to let it out again.',
  start(context) {
    const namespace = context.world.rootNamespace
    const ref = { kind: 'ConfigMap', group: '', namespace, name: 'istio' }
    const ends = [
      add(context, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'istio', namespace },
        data: { mesh: stringify({}) },
      }),
      change(context, ref, (object) => {
        const data = fields(object.data)
        const mesh = fields(parse(text(data.mesh) ?? '{}'))
        return { ...object, data: { ...data, mesh: stringify({ ...mesh, ...REGISTRY_ONLY }) } }
      }),
    ]
    note(context, ref, {
      type: 'Normal',
      reason: 'MeshConfigChanged',
      message: 'outboundTrafficPolicy.mode set to REGISTRY_ONLY',
    })
    return all(...ends)
  },
}
