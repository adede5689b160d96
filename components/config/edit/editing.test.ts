import { describe, expect, it } from 'vitest'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { beginEditing, followCluster, isChanged, type Editing } from './editing'
import { judgeText } from './judge-text'

const REF = {
  cluster: 'east',
  group: 'networking.istio.io',
  version: 'v1',
  kind: 'VirtualService',
  namespace: 'shop',
  name: 'web',
}
const object = (timeout: string, resourceVersion = '1'): ConfigObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'web', namespace: 'shop', resourceVersion },
  spec: { http: [{ timeout }] },
})
const judge = (editing: Editing) => judgeText(editing.text, REF)
const edited = (editing: Editing, from: string, to: string) => ({
  ...editing,
  text: editing.text.replace(from, to),
})

describe('editing', () => {
  it('begins with what people write, unchanged', () => {
    const editing = beginEditing(object('1s'))
    expect(editing.text).not.toContain('resourceVersion')
    expect(isChanged(editing, judge(editing))).toBe(false)
  })

  it('counts values and what does not parse as a change, comments not', () => {
    const editing = beginEditing(object('1s'))
    const commented = edited(editing, 'spec:', '# ours\nspec:')
    expect(isChanged(commented, judge(commented))).toBe(false)
    const other = edited(editing, '1s', '2s')
    expect(isChanged(other, judge(other))).toBe(true)
    const broken = edited(editing, 'spec:', 'spec')
    expect(isChanged(broken, judge(broken))).toBe(true)
  })

  it('follows the cluster while nobody edits', () => {
    const editing = beginEditing(object('1s'))
    const next = followCluster(editing, judge(editing), object('5s', '2'))
    expect(next.text).toContain('5s')
    expect(next.base.metadata.resourceVersion).toBe('2')
  })

  it('keeps a text that differs, with the object it began with', () => {
    const editing = edited(beginEditing(object('1s')), '1s', '2s')
    expect(followCluster(editing, judge(editing), object('5s', '2'))).toBe(editing)
  })

  it('keeps the comments of a text that says what the cluster now has', () => {
    const editing = edited(beginEditing(object('1s')), 'timeout: 1s', 'timeout: 2s # measured')
    const next = followCluster(editing, judge(editing), object('2s', '2'))
    expect(next.text).toBe(editing.text)
    expect(next.base.metadata.resourceVersion).toBe('2')
    expect(isChanged(next, judge(next))).toBe(false)
  })

  it('takes what the server made of the text that was applied', () => {
    const text = edited(beginEditing(object('1s')), '1s', '2s')
    const stored = { ...object('2s', '2'), spec: { http: [{ timeout: '2s', retries: {} }] } }
    expect(followCluster({ ...text, applied: text.text }, judge(text), stored).text).toContain('retries')
  })

  it('takes a new status for no change', () => {
    const editing = beginEditing(object('1s'))
    expect(followCluster(editing, judge(editing), { ...object('1s', '2'), status: { a: 1 } })).toBe(editing)
  })
})
