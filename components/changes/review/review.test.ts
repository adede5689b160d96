import { describe, expect, it } from 'vitest'
import { ApiFailure } from '@/lib/api/fetch'
import type { ChangeItem, ChangePreview, PreviewAnswer } from '@/lib/api/schemas/config/changes'
import { whyNotApply } from './readiness'
import { clashesOf, withRebased } from './rebased-item'
import { guardedItems, isWordOfHeddle, newToken } from './sent'

const REF = {
  cluster: 'east',
  group: 'networking.istio.io',
  version: 'v1',
  kind: 'VirtualService',
  namespace: 'bookinfo',
  name: 'reviews',
}
const object = (weight: number, more: object = {}, resourceVersion = '5') => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'bookinfo', resourceVersion },
  spec: { weight, ...more },
})
const seen: ChangePreview = {
  ref: REF,
  op: 'update',
  diff: '--- a\n+++ b\n',
  patch: [],
  resourceVersion: '7',
  before: object(90),
  after: object(50),
  dryRun: { ok: true, code: null, message: null, warnings: [] },
  owner: null,
  allowed: true,
}
const preview = (change: Partial<ChangePreview> = {}, more: Partial<PreviewAnswer> = {}): PreviewAnswer => ({
  changes: [{ ...seen, ...change }],
  findings: null,
  impact: {
    at: null,
    windowSeconds: null,
    requestsPerSecond: null,
    bytesPerSecond: null,
    callers: null,
    callersTotal: null,
    services: [],
    workloads: [],
    unread: [],
  },
  rights: { user: 'ann', isShared: false },
  requiresReason: false,
  isReadOnly: false,
  notices: [],
  ...more,
})
const entered = { reason: '', typed: '', typeToConfirm: null }

describe('what is in the way of applying', () => {
  it('is nothing when the server would take it', () => expect(whyNotApply(preview(), entered)).toBeNull())

  it.each([
    ['read-only', preview({}, { isReadOnly: true }), {}, /read-only/],
    [
      'a right that is missing',
      preview({ allowed: false }),
      {},
      /ann may not .* VirtualService bookinfo\/reviews/,
    ],
    ['a change that changes nothing', preview({ diff: '' }), {}, /Nothing would change/],
    [
      'the API server',
      preview({ dryRun: { ok: false, code: 'rejected', message: 'no', warnings: [] } }),
      {},
      /refuses VirtualService/,
    ],
    [
      'a reason that is required',
      preview({}, { requiresReason: true }),
      { reason: ' ' },
      /reason is required/,
    ],
    [
      'a name that was not typed',
      preview(),
      { typeToConfirm: 'payments', typed: 'payment' },
      /Type payments/,
    ],
  ])('is %s', (_, answer, more, sentence) => {
    expect(whyNotApply(answer, { ...entered, ...more })).toMatch(sentence)
  })
})

describe('what is sent', () => {
  it('is bound to the state that the preview showed', () => {
    const items: ChangeItem[] = [{ op: 'patch', ref: { ...REF }, patch: [{ op: 'remove', path: '/spec' }] }]
    expect(guardedItems(items, preview())).toMatchObject([{ resourceVersion: '7', base: object(90) }])
    const create: ChangeItem = { op: 'create', ref: REF, object: object(1) }
    expect(guardedItems([create], preview({ before: null, resourceVersion: null }))).toEqual([create])
  })

  it('has a name of its own each time', () => {
    expect(newToken()).toMatch(/^[0-9a-f]{32}$/)
    expect(newToken()).not.toBe(newToken())
  })

  it.each([
    ['the connection broke', 'unreachable', 0, false],
    ['a proxy answered', 'bad-answer', 502, false],
    ['Heddle failed inside', 'internal', 500, false],
    ['the API server refuses', 'forbidden', 403, true],
    ['the API server was away before anything was written', 'kubernetes-unreachable', 503, true],
  ])('when %s, known that nothing was applied: %s', (_, code, status, isKnown) => {
    expect(isWordOfHeddle(new ApiFailure('x', { code, status }))).toBe(isKnown)
  })
})

describe('after a conflict', () => {
  const items: ChangeItem[] = [{ op: 'update', ref: REF, object: object(50), resourceVersion: '5' }]

  it('joins mine with theirs against the state as it is now', () => {
    const versions = {
      ref: REF,
      base: object(90),
      theirs: object(90, { timeout: '3s' }, '9'),
      mine: object(50),
    }
    expect(clashesOf(versions)).toEqual([])
    expect(withRebased(items, versions, {})).toMatchObject([
      { op: 'update', resourceVersion: '9', object: { spec: { weight: 50, timeout: '3s' } } },
    ])
  })

  it('names the places both changed and takes the side that was chosen', () => {
    const versions = { ref: REF, base: object(90), theirs: object(80, {}, '9'), mine: object(50) }
    expect(clashesOf(versions)).toMatchObject([{ path: '/spec/weight', base: 90, theirs: 80, mine: 50 }])
    expect(withRebased(items, versions, {})).toMatchObject([{ object: { spec: { weight: 80 } } }])
    expect(withRebased(items, versions, { '/spec/weight': 'mine' })).toMatchObject([
      { object: { spec: { weight: 50 } } },
    ])
  })

  it('creates again what was deleted, and deletes what it was asked to in its new state', () => {
    const gone = { ref: REF, base: object(90), theirs: null, mine: object(50) }
    const [created] = withRebased(items, gone, {})
    expect(created).toMatchObject({ op: 'create', object: { spec: { weight: 50 } } })
    expect(created?.object?.metadata).not.toHaveProperty('resourceVersion')
    const unwanted = { ref: REF, base: object(90), theirs: object(80, {}, '9'), mine: null }
    expect(withRebased(items, unwanted, {})).toMatchObject([{ op: 'delete', resourceVersion: '9' }])
  })

  it('leaves the other objects of the change alone', () => {
    const other: ChangeItem = { op: 'delete', ref: { ...REF, name: 'ratings' } }
    const versions = { ref: REF, base: object(90), theirs: object(80), mine: object(50) }
    expect(withRebased([other], versions, {})).toEqual([other])
  })
})
