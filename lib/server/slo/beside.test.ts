import { expect, it } from 'vitest'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { inventory, service, workload } from '@/tests/support/graph/samples'
import type { Upstreams } from '../upstreams'
import { findServicesBeside } from './beside'

const CART = { namespace: 'shop', name: 'cart' }

function upstreams(answer: () => unknown): { up: Upstreams; learn: () => void } {
  const known: unknown[] = []
  const up = {
    inventories: [{ current: () => ({ inventory: known[0] ?? null }) }],
    memory: { get: (_name: string, _freshMs: number, load: () => unknown) => load() },
    prometheus: { instant: async () => answer() },
    config: { prometheus: { scope: [] }, refresh: { lagMs: 0 } },
    clock: { now: () => 0 },
  }
  const services = ['cart', 'primary'].map((name) => service(name, { selector: { app: 'cart' } }))
  // all that is read of it
  return {
    up: up as unknown as Upstreams,
    learn: () => known.push(inventory({ workloads: [workload('cart-v1')], services })),
  }
}

it('asks callers until Kubernetes says which services are before the same pods', async () => {
  const samples = ['cart', 'canary', 'also'].map((name) => ({
    labels: { destination_service_namespace: 'shop', destination_service_name: name },
    value: 1,
  }))
  const { up, learn } = upstreams(() => ({ samples }))
  expect(await findServicesBeside(up, [CART])).toEqual(['also', 'canary'].map((name) => ({ ...CART, name })))
  learn()
  expect(await findServicesBeside(up, [CART])).toEqual([{ ...CART, name: 'primary' }])
})

it('knows of none where the question is too much for Prometheus, and says when that is away', async () => {
  const failing = (kind: 'query' | 'network') =>
    upstreams(() => {
      throw new UpstreamError('prometheus', kind, 'no')
    }).up
  expect(await findServicesBeside(failing('query'), [CART])).toEqual([])
  await expect(findServicesBeside(failing('network'), [CART])).rejects.toThrow('no')
})
