import { describe, expect, it } from 'vitest'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { analyze } from './analyze'
import { formatPath, type Checker } from './finding'
import { createWorld, readMeshSettings } from './world'

const service = (name: string, annotations: Record<string, string> = {}): ConfigObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop', annotations },
})
const mesh = readMeshSettings(null)
const everyService: Checker = {
  codes: { IST9998: 'info', IST9999: 'warning' },
  check(world, report) {
    for (const object of world.list('/Service')) {
      report('IST9999', object, ['spec', 'ports', 0], 'a')
      report('IST9998', object, null, 'b')
      report('IST9998', object, null, 'b')
    }
  },
}

describe('analyze', () => {
  it('answers each finding once, sorted, whatever the order of objects', () => {
    const forward = analyze(createWorld([service('a'), service('b')], mesh), [everyService])
    const backward = analyze(createWorld([service('b'), service('a')], mesh), [everyService])
    expect(forward).toEqual(backward)
    expect(forward.map((finding) => `${finding.object.name} ${finding.code} ${finding.path}`)).toEqual([
      'a IST9998 null',
      'a IST9999 spec.ports[0]',
      'b IST9998 null',
      'b IST9999 spec.ports[0]',
    ])
  })

  it('sorts the third rule before the tenth', () => {
    const rules: Checker = {
      codes: { IST9999: 'warning' },
      check(world, report) {
        for (const at of [10, 2, 100]) {
          report('IST9999', world.list('/Service')[0] as ConfigObject, ['spec', 'http', at], 'a')
        }
      },
    }
    const found = analyze(createWorld([service('a')], mesh), [rules])
    expect(found.map(({ path }) => path)).toEqual(['spec.http[2]', 'spec.http[10]', 'spec.http[100]'])
  })

  it.each([
    ['IST9999', ['IST9998']],
    ['IST9998, IST9999', []],
    ['*', []],
    ['IST0001', ['IST9998', 'IST9999']],
  ])('honours analyze-suppress %s', (codes, left) => {
    const world = createWorld([service('a', { 'galley.istio.io/analyze-suppress': codes })], mesh)
    expect(analyze(world, [everyService]).map((finding) => finding.code)).toEqual(left)
  })

  it('refuses a code its checker does not declare', () => {
    const liar: Checker = {
      codes: {},
      check: (world, report) => report('IST0101', world.list('/Service')[0] as ConfigObject, null, ''),
    }
    expect(() => analyze(createWorld([service('a')], mesh), [liar])).toThrow(/IST0101/)
  })
})

describe('formatPath', () => {
  it.each([
    [['spec', 'http', 0, 'route', 1], 'spec.http[0].route[1]'],
    [['metadata', 'annotations', 'istio.io/rev'], 'metadata.annotations["istio.io/rev"]'],
  ])('%j', (path, text) => expect(formatPath(path)).toBe(text))
})
