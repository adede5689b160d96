/** The history of changes: those of Heddle, those of others, what they did, and how many are kept. */
import { describe, expect, it } from 'vitest'
import { GET as getEffect } from '@/app/api/v1/changes/[id]/effect/route'
import { ApplyAnswer, ChangeEffect } from '@/lib/api/schemas/config/changes'
import { recordStore, summaryOf } from '@/lib/server/changes/records'
import { byId, changePipeline, MOVE, refused, REVIEWS, RULE } from '../../support/kubernetes/change-pipeline'
import { present } from '../../support/present'
import { until } from '../../support/until'

describe('the history of changes', () => {
  const on = changePipeline()
  const { apply, history, takeBack, request, stored, weights } = on

  it('finds the change whose answer was lost by the token of its request, and nothing of another', async () => {
    await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }], { token: 'token-of-mine' })
    expect(await history('?token=token-of-mine')).toMatchObject([{ token: 'token-of-mine' }])
    expect(await history('?token=token-of-none')).toEqual([])
  })

  it('shows what kubectl changed, with its field manager as author, and takes it back without touching the rest', async () => {
    const now = present(stored('VirtualService', 'reviews'))
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}' }
    on.store.update({ ...now, metadata: { ...now.metadata, annotations } })
    await on.start()
    const url = `${on.address}/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices/reviews`
    await fetch(`${url}?fieldManager=kubectl-edit`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json-patch+json' },
      body: JSON.stringify(MOVE),
    })
    const seen = await until('the change is seen', async () =>
      (await history()).find(({ knownBy }) => knownBy === 'watch'),
    )
    expect(seen).toMatchObject({ author: 'kubectl-edit', status: 'applied', objects: [{ op: 'update' }] })
    expect(seen.objects[0]?.diff).toMatch(/^\+ +weight: 50$/m)
    expect(await history('?author=kubectl-edit&namespace=bookinfo')).toContainEqual(seen)
    expect(await history('?author=somebody')).toEqual([])
    expect(await history('?node=east/bookinfo/service/reviews')).toContainEqual(seen)
    expect(await history('?node=east/bookinfo/service/ratings')).not.toContainEqual(seen)
    expect(ApplyAnswer.parse(await (await takeBack(seen.id)).json()).status).toBe('applied')
    expect(weights()).toEqual([90, 10])
    expect(stored('VirtualService', 'reviews')?.metadata.annotations).toEqual(annotations)
    // what Heddle does is recorded, not seen a second time
    const gone = ApplyAnswer.parse(await (await apply([{ op: 'delete', ref: RULE }])).json())
    await until('the watch saw it go', async () =>
      on.up.inventories[0]?.current().inventory?.config.every(({ kind }) => kind !== 'DestinationRule') ||
      on.up.elsewhere.seen().some(({ objects }) => objects[0]?.op === 'delete')
        ? true
        : undefined,
    )
    expect((await history()).filter(({ objects }) => objects[0]?.op === 'delete')).toMatchObject([
      { id: gone.id, knownBy: 'record' },
    ])
  })

  it('tells of writes before it watched by the time in managedFields alone, without a way back', async () => {
    const now = present(stored('VirtualService', 'reviews'))
    const managedFields = [{ manager: 'helm', operation: 'Update', time: '2026-08-01T00:00:00Z' }]
    on.store.update({ ...now, metadata: { ...now.metadata, managedFields } })
    await on.start()
    const found = (await history('?author=helm')).find(({ objects }) => objects[0]?.ref.name === 'reviews')
    expect(found).toMatchObject({
      knownBy: 'fields',
      at: Date.UTC(2026, 7, 1),
      objects: [{ op: 'update', diff: '' }],
    })
    expect(await refused(takeBack(present(found).id))).toMatchObject({
      error: { code: 'nothing-to-revert' },
    })
  })

  it('does not make up an effect without telemetry', async () => {
    const { id } = ApplyAnswer.parse(await (await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json())
    on.clock.advance(600_000)
    const answer = ChangeEffect.parse(
      await (await getEffect(request(`changes/${id}/effect`, 'GET'), byId(id))).json(),
    )
    expect(answer).toMatchObject({ before: null, after: null, touchesTraffic: true })
    expect(answer.notices.map(({ code }) => code)).toEqual(['prometheus-unreachable'])
  })

  it('reads again only what changed: every viewer asks for it all every few seconds', async () => {
    const now = present(stored('VirtualService', 'reviews'))
    const managedFields = [{ manager: 'helm', operation: 'Update', time: '2026-08-01T00:00:00Z' }]
    on.store.update({ ...now, metadata: { ...now.metadata, managedFields } })
    await on.start()
    const [before, after] = [on.up.elsewhere.fromFields(), on.up.elsewhere.fromFields()]
    expect(before.length).toBeGreaterThan(0)
    expect(after[0]).toBe(before[0])
    const { id } = ApplyAnswer.parse(await (await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json())
    const read = async () => present((await recordStore(on.up).list()).records[0])
    const first = await read()
    expect(first.record.id).toBe(id)
    expect((await read()).record).toBe(first.record)
    expect(summaryOf(first.record)).toBe(summaryOf(first.record))
    await recordStore(on.up).update(first, { ...first.record, reason: 'told later' })
    expect((await read()).record.reason).toBe('told later')
  })

  it('drops records that are too old', async () => {
    on.up.config.changes.keep.ms = 60_000
    const move = (value: number) =>
      apply([
        { op: 'patch', ref: REVIEWS, patch: [{ op: 'replace', path: '/spec/http/0/route/0/weight', value }] },
      ])
    await move(60)
    on.clock.advance(61_000)
    await move(61)
    expect(on.recordedStatuses()).toEqual(['applied'])
    expect((await history()).filter(({ knownBy }) => knownBy === 'record')).toHaveLength(1)
  })

  it('keeps so many records and not more', async () => {
    on.up.config.changes.keep.count = 2
    for (const value of [60, 61, 62]) {
      on.clock.advance(1_000)
      await apply([
        { op: 'patch', ref: REVIEWS, patch: [{ op: 'replace', path: '/spec/http/0/route/0/weight', value }] },
      ])
    }
    expect(on.store.list('ConfigMap', 'heddle')).toHaveLength(2)
    expect((await history())[0]?.objects[0]?.diff).toMatch(/^\+ +weight: 62$/m)
  })
})
