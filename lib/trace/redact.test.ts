import { describe, expect, it } from 'vitest'
import { redactTrace } from './redact'
import { span, trace } from './testing'

const whole = trace([
  span('front', null, 0, 50, { nodeId: 'mine', tags: { a: '1' } }),
  span('pay', 'front', 5, 30, {
    nodeId: 'theirs',
    tags: { card: '4111' },
    podName: 'pay-1',
    logs: [{ atMs: 6, fields: { event: 'paid' } }],
  }),
  span('db', 'pay', 6, 10, { tags: { statement: 'select' } }),
])

describe('a trace for somebody who may not see all of it', () => {
  it('keeps the tree and what is theirs, and takes out what the rest tells', () => {
    const seen = redactTrace(whole, (nodeId) => nodeId === 'mine')
    expect(seen?.spans.map(({ id, parentId, durationMs }) => [id, parentId, durationMs])).toEqual(
      whole.spans.map(({ id, parentId, durationMs }) => [id, parentId, durationMs]),
    )
    expect(seen?.spans[0]).toEqual(whole.spans[0])
    expect(JSON.stringify(seen?.spans.slice(1))).not.toMatch(/4111|pay-1|paid|select/)
  })

  it('is none where nothing of it is theirs, or nobody knows whose it is', () => {
    expect(redactTrace(whole, () => false)).toBeNull()
  })
})
