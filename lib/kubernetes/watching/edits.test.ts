import { expect, it } from 'vitest'
import { lastEditOf, readLastEdit, rememberEdit } from './edits'

const object = (...managedFields: object[]) => ({ metadata: { name: 'a', managedFields } })

it('finds the last write of anything but the status', () => {
  expect(
    readLastEdit(
      object(
        { manager: 'kubectl', time: '2026-01-05T12:00:00Z' },
        { manager: 'argocd', time: '2026-01-05T13:00:00Z' },
        { manager: 'istiod', time: '2026-01-05T14:00:00Z', subresource: 'status' },
      ),
    ),
  ).toEqual({ at: Date.UTC(2026, 0, 5, 13), by: 'argocd' })
})

it.each([[{}], [object()], [object({ manager: 'x' })], [object({ time: 'soon' })], [null]])(
  'knows none: %j',
  (raw) => {
    expect(readLastEdit(raw)).toBeNull()
  },
)

it('keeps it beside the decoded object', () => {
  const decoded = {}
  rememberEdit(decoded, object({ manager: 'kubectl', time: '2026-01-05T12:00:00Z' }))
  expect(lastEditOf(decoded)?.by).toBe('kubectl')
  expect(lastEditOf({})).toBeNull()
})
