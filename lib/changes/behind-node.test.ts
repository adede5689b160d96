import { expect, it } from 'vitest'
import type { NodeKind } from '@/lib/mesh/identity'
import { inventory, service, workload } from '@/tests/support/graph/samples'
import { behindNode } from './behind-node'

const labelled = (name: string, version: string) => workload(name, { podLabels: { app: 'cart', version } })
const world = inventory({
  workloads: [
    labelled('cart-v1', 'v1'),
    labelled('cart-v2', 'v2'),
    workload('pay', { podLabels: { app: 'pay' } }),
  ],
  services: [
    { ...service('cart'), selector: { app: 'cart' } },
    { ...service('none'), selector: {} },
  ],
})
const node = (kind: NodeKind, name: string) => ({ cluster: 'east', namespace: 'shop', kind, name })

it.each<[NodeKind, string, string[], string[]]>([
  ['service', 'cart', ['shop/cart'], ['shop/cart-v1', 'shop/cart-v2']],
  ['service', 'none', ['shop/none'], []],
  ['workload', 'cart-v1', ['shop/cart'], ['shop/cart-v1']],
  ['app', 'cart', ['shop/cart'], ['shop/cart-v1', 'shop/cart-v2']],
  ['unknown', 'unknown', [], []],
])('behind the %s %s are the objects whose configuration is its own', (kind, name, services, workloads) => {
  expect(behindNode(node(kind, name), world)).toEqual({ services, workloads })
})
