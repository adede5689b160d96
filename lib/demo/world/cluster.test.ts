/** The objects of the worlds in the embedded cluster: what its controllers make of them. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { KubernetesObject } from '@/lib/demo/model'
import { reconcileWorkloads } from '@/lib/demo/kubernetes/controller'
import { ObjectStore } from '@/lib/demo/kubernetes/object-store'
import { createWorld } from './create-world'

const NOW = Date.UTC(2026, 0, 5, 9)

const podSpec = z.object({ containers: z.array(z.object({ name: z.string() })) })
const ownerShape = z.object({ status: z.object({ readyReplicas: z.number().optional() }).loose() }).loose()

describe('the hand-made world in a cluster', () => {
  const world = createWorld({ now: NOW })
  const store = new ObjectStore(world.objects, { now: () => NOW })
  const before = new Map(world.objects.map((object) => [object.metadata.uid, object]))
  reconcileWorkloads(store, NOW)
  const atHome = world.workloads.filter(({ cluster }) => cluster === world.homeCluster)
  const podsOf = (namespace: string, labels: Record<string, string>) =>
    store
      .list('Pod', namespace)
      .filter(({ metadata }) =>
        Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value),
      )

  it('runs as many pods as each workload has replicas, ready at once', () => {
    for (const { namespace, labels, replicas, name } of atHome) {
      const pods = podsOf(namespace, labels)
      // DaemonSets have a pod on each node, which is the cluster's to say
      expect(pods.length > 0, name).toBe(replicas > 0)
      for (const pod of pods) expect(pod.status).toMatchObject({ phase: 'Running' })
    }
    expect(podsOf('bookinfo', { app: 'reviews' })).toHaveLength(5)
  })

  it('gives pods the data plane that the specs say', () => {
    for (const { namespace, labels, dataPlane, role, name } of atHome) {
      for (const pod of podsOf(namespace, labels)) {
        const containers = podSpec.parse(pod.spec).containers.map((container) => container.name)
        if (role !== 'ztunnel') {
          expect(containers.includes('istio-proxy'), name).toBe(dataPlane === 'sidecar')
        }
        expect(pod.metadata.annotations?.['ambient.istio.io/redirection'], name).toBe(
          dataPlane === 'ambient' ? 'enabled' : undefined,
        )
      }
    }
  })

  it('finds the statuses of Deployments and StatefulSets right as they came', () => {
    const readyOf = (object: KubernetesObject | undefined) =>
      ownerShape.parse(object).status.readyReplicas ?? 0
    for (const kind of ['Deployment', 'StatefulSet']) {
      for (const object of store.list(kind)) {
        expect(readyOf(object), object.metadata.name).toBe(readyOf(before.get(object.metadata.uid)))
      }
    }
  })
})
