/** Several hands and several objects: conflicts, the order of writes, and a change that stops half-way. */
import { describe, expect, it } from 'vitest'
import { GET as getChange } from '@/app/api/v1/changes/[id]/route'
import { ApplyAnswer, ChangeDetail } from '@/lib/api/schemas/config/changes'
import { invert } from '@/lib/changes/difference/invert'
import {
  byId,
  changePipeline,
  MOVE,
  REF,
  refused,
  REVIEWS,
  RULE,
  weighted,
} from '../../support/kubernetes/change-pipeline'
import { present } from '../../support/present'

describe('changes of several people and several objects', () => {
  const on = changePipeline()
  const { apply, takeBack, request, stored, weights, editElsewhere, recordedStatuses } = on

  it('takes a change back item by item as the page does: guarded by what the change left', async () => {
    const { id } = ApplyAnswer.parse(await (await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json())
    const detail = ChangeDetail.parse(
      await (await getChange(request(`changes/${id}`, 'GET'), byId(id))).json(),
    )
    const changes = invert(detail.objects)
    editElsewhere()
    expect(await refused(apply(changes, { reverts: id }))).toMatchObject({
      status: 409,
      base: { spec: { http: [{ route: [{ weight: 50 }, {}] }] } },
      mine: { spec: { http: [{ route: [{ weight: 90 }, {}] }] } },
      theirs: { metadata: { labels: { by: 'kubectl' } } },
    })
  })

  it('says of a change that is taken back already that nothing is left to do', async () => {
    const { id } = ApplyAnswer.parse(await (await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json())
    expect((await takeBack(id)).status).toBe(200)
    const again = { status: 409, error: { code: 'nothing-to-revert' } }
    expect(await refused(takeBack(id))).toMatchObject(again)
    const detail = ChangeDetail.parse(
      await (await getChange(request(`changes/${id}`, 'GET'), byId(id))).json(),
    )
    expect(await refused(apply(invert(detail.objects), { reverts: id }))).toMatchObject(again)
    expect(recordedStatuses()).toHaveLength(2)
  })

  it('takes back the rest of a change of which a part is taken back already', async () => {
    const made = {
      ...weighted('ours', 'bookinfo', [50, 50]),
      metadata: { name: 'ours', namespace: 'bookinfo' },
    }
    const ours = { ...REVIEWS, name: 'ours' }
    const { id } = ApplyAnswer.parse(
      await (
        await apply([
          { op: 'patch', ref: REVIEWS, patch: MOVE },
          { op: 'create', ref: ours, object: made },
        ])
      ).json(),
    )
    expect((await apply([{ op: 'delete', ref: ours }])).status).toBe(200)
    const back = ApplyAnswer.parse(await (await takeBack(id)).json())
    expect(back).toMatchObject({ status: 'applied', changes: [{ ref: REVIEWS }] })
    expect(weights()).toEqual([90, 10])
  })

  it('names who wrote last, also where it was Heddle', async () => {
    const base = present(stored('VirtualService', 'reviews'))
    const { resourceVersion } = base.metadata
    const change = { op: 'patch', ref: REVIEWS, patch: MOVE, base, resourceVersion }
    expect((await apply([change])).status).toBe(200)
    expect((await refused(apply([change]))).error.message).toMatch(/ was changed through Heddle meanwhile;/)
    await fetch(
      `${on.address}/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices/reviews?fieldManager=flagger`,
      {
        method: 'PATCH',
        headers: { 'content-type': 'application/json-patch+json' },
        body: JSON.stringify([{ op: 'replace', path: '/spec/http/0/route/0/weight', value: 51 }]),
      },
    )
    expect((await refused(apply([change]))).error.message).toMatch(/ was changed by flagger meanwhile;/)
  })

  it('shows base, theirs and mine when somebody else was faster, and writes nothing', async () => {
    const base = present(stored('VirtualService', 'reviews'))
    editElsewhere()
    const theirs = stored('VirtualService', 'reviews')
    const mine = weighted('reviews', 'bookinfo', [50, 50])
    const change = {
      op: 'update',
      ref: REVIEWS,
      object: mine,
      base,
      resourceVersion: base.metadata.resourceVersion,
    }
    expect(await refused(apply([change]))).toMatchObject({
      status: 409,
      error: { code: 'conflict' },
      base,
      theirs,
      mine,
    })
    expect(on.writes).toEqual([])
  })

  it('meets the other’s write between its own reading and writing with a conflict, not by overwriting', async () => {
    on.answerNext = (req, res) => {
      const isOurs =
        req.method === 'PATCH' && req.url?.includes('virtualservices') && !req.url.includes('dryRun')
      if (isOurs) editElsewhere()
      on.handler(req, res)
    }
    const answer = await refused(apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }]))
    expect(answer).toMatchObject({
      status: 409,
      error: { code: 'conflict' },
      theirs: { metadata: { labels: { by: 'kubectl' } } },
    })
    expect(weights()).toEqual([90, 10])
    expect(on.writes.filter((write) => write.includes('virtualservices'))).toHaveLength(1)
    expect(recordedStatuses()).toEqual(['failed'])
  })

  it('refuses to take back what somebody changed since', async () => {
    const { id } = ApplyAnswer.parse(await (await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json())
    editElsewhere()
    const answer = await refused(takeBack(id))
    expect(answer).toMatchObject({
      status: 409,
      error: { code: 'conflict' },
      theirs: { metadata: { labels: { by: 'kubectl' } } },
    })
    expect(weights()).toEqual([50, 50])
  })

  it('writes a subset before its route, and the route before its subset goes', async () => {
    const to = (subset: string) => [
      { op: 'replace', path: '/spec/http/0/route/1/destination/subset', value: subset },
    ]
    const objectWrites = () =>
      on.writes.filter((one) => !one.includes('/api/v1/')).map((one) => one.split('/').at(-2))
    const added = [{ op: 'add', path: '/spec/subsets/-', value: { name: 'v4', labels: { version: 'v4' } } }]
    const first = await apply([
      { op: 'patch', ref: REVIEWS, patch: to('v4') },
      { op: 'patch', ref: RULE, patch: added },
    ])
    const { id } = ApplyAnswer.parse(await first.json())
    expect(objectWrites()).toEqual(['destinationrules', 'virtualservices'])
    on.writes.length = 0
    expect(ApplyAnswer.parse(await (await takeBack(id)).json()).status).toBe('applied')
    expect(objectWrites()).toEqual(['virtualservices', 'destinationrules'])
  })

  it('stops at the first failure; what was applied can be taken back', async () => {
    on.answerNext = (req, res) => {
      const isRoute =
        req.method === 'PATCH' && req.url?.includes('virtualservices') && !req.url.includes('dryRun')
      if (!isRoute) return on.handler(req, res)
      res.writeHead(403, { 'content-type': 'application/json' })
      res.end(
        JSON.stringify({ kind: 'Status', message: 'denied by the quota', reason: 'Forbidden', code: 403 }),
      )
    }
    const added = [{ op: 'add', path: '/spec/subsets/-', value: { name: 'v4', labels: { version: 'v4' } } }]
    const other = { ...REF, name: 'later' }
    const answer = ApplyAnswer.parse(
      await (
        await apply([
          { op: 'patch', ref: REVIEWS, patch: MOVE },
          { op: 'create', ref: other, object: weighted('later', 'bookinfo', [90, 10]) },
          { op: 'patch', ref: RULE, patch: added },
        ])
      ).json(),
    )
    expect(answer.status).toBe('failed')
    expect(answer.changes.map(({ ref, status, error }) => [ref.kind, status, error?.code])).toEqual([
      ['DestinationRule', 'applied', undefined],
      ['VirtualService', 'failed', 'forbidden'],
      ['VirtualService', 'skipped', 'skipped'],
    ])
    on.answerNext = on.handler
    const back = ApplyAnswer.parse(await (await takeBack(answer.id)).json())
    expect(back).toMatchObject({ status: 'applied', changes: [{ ref: { kind: 'DestinationRule' } }] })
    expect(JSON.stringify(present(stored('DestinationRule', 'reviews')).spec)).not.toContain('v4')
  })
})
