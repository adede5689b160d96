/** Objects that finalizers keep after their deletion. */
import { describe, expect, it } from 'vitest'
import { GET as getChange } from '@/app/api/v1/changes/[id]/route'
import { ApplyAnswer, ChangeDetail, PreviewAnswer } from '@/lib/api/schemas/config/changes'
import { byId, changePipeline, MOVE, refused, REVIEWS, RULE } from '../../support/kubernetes/change-pipeline'
import { present } from '../../support/present'

describe('the deletion of an object with finalizers', () => {
  const on = changePipeline()
  const { apply, preview, takeBack, request, stored } = on

  const hold = () => {
    const now = present(stored('VirtualService', 'reviews'))
    on.store.update({ ...now, metadata: { ...now.metadata, finalizers: ['example.com/hold'] } })
  }
  const release = () => {
    const now = present(stored('VirtualService', 'reviews'))
    on.store.update({ ...now, metadata: { ...now.metadata, finalizers: [] } })
  }
  const remove = async () =>
    ApplyAnswer.parse(
      await (
        await apply([
          { op: 'delete', ref: REVIEWS },
          { op: 'delete', ref: RULE },
        ])
      ).json(),
    )
  const change = async (id: string) =>
    ChangeDetail.parse(await (await getChange(request(`changes/${id}`, 'GET'), byId(id))).json())

  it('is told beforehand to wait for them', async () => {
    hold()
    const answer = PreviewAnswer.parse(await (await preview([{ op: 'delete', ref: REVIEWS }])).json())
    expect(answer.changes[0]?.dryRun).toMatchObject({
      ok: true,
      warnings: [expect.stringContaining('example.com/hold')],
    })
  })

  it('is under way while they keep it, with what relied on it left alone, and applied when it is gone', async () => {
    hold()
    const answer = await remove()
    expect(answer).toMatchObject({
      status: 'pending',
      changes: [
        { status: 'pending', error: { code: 'deletion-pending' } },
        { status: 'skipped', error: { message: expect.not.stringContaining('failed') } },
      ],
    })
    expect(stored('DestinationRule', 'reviews')).toBeDefined()
    // nothing of it is unknown, so it need not wait until no other process can be at it
    expect(await change(answer.id)).toMatchObject({ status: 'pending' })
    on.clock.advance(600_000)
    expect(await change(answer.id)).toMatchObject({ status: 'pending' })
    expect(on.writes.filter((write) => write.includes(answer.id))).toHaveLength(1)
    release()
    expect(await change(answer.id)).toMatchObject({
      status: 'failed',
      objects: [{ status: 'applied', error: null }, { status: 'skipped' }],
    })
  })

  it('is applied where somebody made the object anew', async () => {
    hold()
    const { id } = ApplyAnswer.parse(await (await apply([{ op: 'delete', ref: REVIEWS }])).json())
    const { metadata, ...rest } = present(stored('VirtualService', 'reviews'))
    release()
    on.store.create({ ...rest, metadata: { name: metadata.name, namespace: metadata.namespace } })
    expect(await change(id)).toMatchObject({ status: 'applied' })
  })

  it('is settled as under way by the process after one that died', async () => {
    hold()
    on.answerNext = (req, res) => {
      if (req.method !== 'DELETE' || !req.url?.includes('virtualservices')) return on.handler(req, res)
      res.end = (() => res.destroy()) as typeof res.end
      on.handler(req, res)
      on.answerNext = on.handler
    }
    // the first is the dry run, whose answer is needed
    expect(await refused(apply([{ op: 'delete', ref: REVIEWS }]))).toMatchObject({ status: 503 })
    let deletions = 0
    on.answerNext = (req, res) => {
      if (req.method === 'DELETE' && req.url?.includes('virtualservices') && ++deletions === 2)
        res.end = (() => res.destroy()) as typeof res.end
      on.handler(req, res)
    }
    const { id, status } = ApplyAnswer.parse(await (await apply([{ op: 'delete', ref: REVIEWS }])).json())
    expect(status).toBe('pending')
    on.clock.advance(180_000)
    expect((await change(id)).objects).toMatchObject([
      { status: 'pending', error: { code: 'deletion-pending' } },
    ])
  })

  it('says so to who changes the object or makes it anew meanwhile', async () => {
    hold()
    const { id } = ApplyAnswer.parse(await (await apply([{ op: 'delete', ref: REVIEWS }])).json())
    expect(await refused(takeBack(id))).toMatchObject({ error: { code: 'change-pending' } })
    const answer = PreviewAnswer.parse(
      await (await preview([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json(),
    )
    expect(answer.changes[0]?.dryRun.warnings).toEqual([expect.stringContaining('being deleted')])
    const { metadata, ...rest } = present(stored('VirtualService', 'reviews'))
    const object = { ...rest, metadata: { name: metadata.name, namespace: metadata.namespace } }
    expect(await refused(apply([{ op: 'create', ref: REVIEWS, object }]))).toMatchObject({
      error: { code: 'name-taken', message: expect.stringContaining('still being deleted') },
    })
  })
})
