import { checks, object } from '@/tests/support/checkers/checks'
import { networks } from './networks'

const settings = (meshNetworks: string) =>
  object('v1', 'ConfigMap', 'istio-system/istio', undefined, {}, { data: { meshNetworks } })
const remote = (name: string) =>
  object(
    'v1',
    'Secret',
    'istio-system/remote',
    undefined,
    { labels: { 'istio/multiCluster': 'true' } },
    { data: { [name]: '' } },
  )
const west = 'networks: {n1: {endpoints: [{fromCidr: 10.0.0.0/8}, {fromRegistry: west}]}}'

checks(networks, {
  IST0126: {
    fires: {
      'a cluster without secret': {
        objects: [settings(west), remote('east')],
        at: ['ConfigMap istio-system/istio data.meshNetworks'],
      },
    },
    silent: {
      'a cluster with secret': { objects: [settings(west), remote('west')] },
      'the own cluster': { objects: [settings('networks: {n1: {endpoints: [{fromRegistry: Kubernetes}]}}')] },
      'the own cluster by its name': {
        objects: [settings(west)],
        options: { clusterOf: () => 'west' },
      },
      'nothing to read': { objects: [settings('')] },
      'what is not YAML': { objects: [settings('a: [')] },
      'an alias of nothing': { objects: [settings('networks: *none')] },
    },
  },
})
