import { expect, it } from 'vitest'
import { keyOfNotice, stillHidden } from './late-notices'

const stale = { code: 'stale', message: 'These figures are old: no answer' }
const slow = { code: 'latency-pending', message: 'still being computed', upstream: 'prometheus' as const }

it('hides a notice until it ends, in whatever words, and says it again when it comes up anew', () => {
  const hidden = new Set([keyOfNotice(stale), keyOfNotice(slow)])
  expect(stillHidden(hidden, [slow, { ...stale, message: 'older still' }])).toBe(hidden)
  const afterEnd = stillHidden(hidden, [slow])
  expect([...afterEnd]).toEqual([keyOfNotice(slow)])
  expect(stillHidden(afterEnd, [slow, stale])).toBe(afterEnd)
})
