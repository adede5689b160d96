import { expect, it } from 'vitest'
import { invert } from './invert'

const done = (ref: string, before: object | null, after: object | null, status = 'applied') => ({
  ref,
  status,
  resourceVersion: after === null ? null : '7',
  before: before && { ...before },
  after: after && { ...after },
})

it('takes back what was applied, last first, and nothing else', () => {
  const [a, b] = [{ a: 1 }, { b: 2 }]
  expect(
    invert([
      done('made', null, a),
      done('changed', a, b),
      done('gone', a, null),
      done('failed', a, b, 'failed'),
    ]),
  ).toEqual([
    { op: 'create', ref: 'gone', object: a },
    { op: 'update', ref: 'changed', object: a, base: b, resourceVersion: '7' },
    { op: 'delete', ref: 'made', base: a, resourceVersion: '7' },
  ])
})

it('lets the content decide where the state is not known', () => {
  const object = { ...done('x', { a: 1 }, { a: 2 }), resourceVersion: null }
  expect(invert([object])[0]?.resourceVersion).toBe('0')
})
