import { describe, expect, it } from 'vitest'
import { originOfSpan, podDirectory } from './node-of-span'

const nodeIdTag = (pod: string, namespace = 'bookinfo') =>
  `sidecar~10.0.0.7~${pod}.${namespace}~${namespace}.svc.cluster.local`

describe('originOfSpan', () => {
  it('keeps reviews-v1 and reviews-v10 apart', () => {
    const of = (pod: string) =>
      originOfSpan({ node_id: nodeIdTag(pod), 'istio.cluster_id': 'east' }, null, null)
    expect(of('reviews-v1-6b4c9d7f88-x2x9k').nodeId).toBe('east/bookinfo/workload/reviews-v1')
    expect(of('reviews-v10-6b4c9d7f88-x2x9k').nodeId).toBe('east/bookinfo/workload/reviews-v10')
  })

  it('asks the directory before the name', () => {
    // a DaemonSet whose name looks like a Deployment's pod base
    const pods = podDirectory([
      { cluster: 'east', namespace: 'infra', name: 'agent-5d8f9b6c4-x2x9k', workload: 'agent-5d8f9b6c4' },
      { cluster: 'east', namespace: 'infra', name: 'ztunnel-x2x9k', workload: 'ztunnel' },
      { cluster: 'east', namespace: 'infra', name: 'bare', workload: null },
    ])
    const of = (pod: string) => originOfSpan({ node_id: nodeIdTag(pod, 'infra') }, pods, null)
    expect(of('agent-5d8f9b6c4-x2x9k').nodeId).toBe('east/infra/workload/agent-5d8f9b6c4')
    expect(of('ztunnel-x2x9k').nodeId).toBe('east/infra/workload/ztunnel')
    expect(of('bare').nodeId).toBe('east/infra/workload/bare')
    expect(of('ztunnel-99999')).toEqual({ nodeId: null, podName: 'ztunnel-99999' })
  })

  it('tells two clusters with a pod of one name apart, or says nothing', () => {
    const pods = podDirectory([
      { cluster: 'east', namespace: 'db', name: 'mysql-primary', workload: 'mysql-east' },
      { cluster: 'west', namespace: 'db', name: 'mysql-primary', workload: 'mysql-west' },
    ])
    const tags = { node_id: nodeIdTag('mysql-primary', 'db') }
    expect(originOfSpan({ ...tags, 'istio.cluster_id': 'west' }, pods, null).nodeId).toBe(
      'west/db/workload/mysql-west',
    )
    expect(originOfSpan(tags, pods, null).nodeId).toBeNull()
  })

  it('reads OpenTelemetry resource attributes', () => {
    const tags = {
      'k8s.namespace.name': 'shop',
      'k8s.pod.name': 'cart-x',
      'k8s.deployment.name': 'cart',
      'k8s.replicaset.name': 'cart-5d8f9b6c4',
      'k8s.cluster.name': 'west',
    }
    expect(originOfSpan(tags, null, null)).toEqual({ nodeId: 'west/shop/workload/cart', podName: 'cart-x' })
  })

  it('uses the default cluster where the span names none, and no node without one', () => {
    const tags = { node_id: nodeIdTag('reviews-v1-6b4c9d7f88-x2x9k') }
    expect(originOfSpan(tags, null, 'home').nodeId).toBe('home/bookinfo/workload/reviews-v1')
    expect(originOfSpan(tags, null, null).nodeId).toBeNull()
  })

  it.each([
    [{}],
    [{ node_id: '' }],
    [{ node_id: 'sidecar~10.0.0.7~nodots~x' }],
    [{ node_id: 'sidecar~10.0.0.7~.ns~x' }],
    [{ node_id: 'a~b' }],
    [{ 'istio.canonical_service': 'reviews', 'istio.namespace': 'unknown' }],
  ])('says nothing about %j', (tags) => {
    expect(originOfSpan(tags as Record<string, string>, null, 'home').nodeId).toBeNull()
  })
})
