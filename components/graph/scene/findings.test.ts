import { describe, expect, it } from 'vitest'
import type { LiveFinding } from '@/lib/api/schemas/config/analyze'
import type { GraphNode } from '@/lib/api/schemas/mesh/graph'
import { findingMarks, findingsOfNode, markOf } from './findings'

const finding = (severity: LiveFinding['severity'], ...concerns: string[]): LiveFinding => ({
  id: `${severity} ${concerns.join()}`,
  code: 'HED0004',
  severity,
  object: { kind: 'VirtualService', namespace: 'shop', name: 'cart' },
  path: null,
  message: '',
  line: null,
  cluster: 'east',
  ref: {
    cluster: 'east',
    group: 'networking.istio.io',
    version: 'v1',
    kind: 'VirtualService',
    namespace: 'shop',
    name: 'cart',
  },
  concerns,
})
const V1 = 'east/shop/workload/cart-v1'
const APP = 'east/shop/app/cart'
// only what says which node it is counts here
const node = (id: string, rest: Partial<GraphNode>) =>
  ({ id, cluster: 'east', namespace: 'shop', workload: null, app: 'cart', kind: 'app', ...rest }) as GraphNode

describe('marks of findings', () => {
  it('say the worst severity, and count what is more than information', () => {
    const marks = findingMarks([finding('warning', V1), finding('error', V1, APP), finding('info', V1)])
    expect(marks.get(V1)).toEqual({ severity: 'error', count: 2 })
    expect(marks.get(APP)).toEqual({ severity: 'error', count: 1 })
    expect(marks.get('box:east/shop')).toEqual({ severity: 'error', count: 2 })
  })

  it('are none for information alone', () => {
    expect(findingMarks([finding('info', V1)]).size).toBe(0)
  })

  it('find a version of an app by its workload, and an app by its name', () => {
    const marks = findingMarks([finding('warning', V1, APP)])
    expect(markOf(node(`${APP}/v1`, { workload: 'cart-v1' }), marks)?.count).toBe(1)
    expect(markOf(node(APP, {}), marks)?.count).toBe(1)
    expect(markOf(node('east/shop/app/other', { app: 'other' }), marks)).toBeNull()
  })

  it('stand for the findings that the panel lists', () => {
    const all = [finding('warning', V1), finding('info', V1), finding('error', APP)]
    const own = findingsOfNode(node(V1, { kind: 'workload', workload: 'cart-v1' }), all)
    expect(own.map(({ severity }) => severity)).toEqual(['warning', 'info'])
  })
})
