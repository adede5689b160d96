/** A process that dies between recording a change and hearing of it. */
import { describe, expect, it } from 'vitest'
import { GET as getChange } from '@/app/api/v1/changes/[id]/route'
import { ApplyAnswer, ChangeSummary } from '@/lib/api/schemas/changes'
import { settleAtStart } from '@/lib/server/changes/settle'
import { byId, changePipeline, MOVE, refused, REVIEWS } from '../../support/change-pipeline'

describe('a change whose process died', () => {
  const on = changePipeline()
  const { apply, history, takeBack, request, weights, editElsewhere, recordedStatuses } = on

  it.each([
    ['before the write arrived', false, 'failed', [90, 10]],
    ['after the write arrived', true, 'applied', [50, 50]],
  ])('settles at the next start a change whose process died %s', async (_, hasArrived, status, expected) => {
    on.answerNext = (req, res) => {
      const isOurs =
        req.method === 'PATCH' && req.url?.includes('virtualservices') && !req.url.includes('dryRun')
      if (!isOurs) return on.handler(req, res)
      // from here on this process reaches nothing any more
      on.answerNext = (_req, broken) => broken.destroy()
      if (!hasArrived) return res.destroy()
      res.end = (() => res.destroy()) as typeof res.end
      on.handler(req, res)
    }
    const answer = ApplyAnswer.parse(await (await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json())
    expect(answer).toMatchObject({ status: 'pending', changes: [{ status: 'pending' }] })
    expect(recordedStatuses()).toEqual(['pending'])
    expect(on.writes.filter((write) => write.includes('virtualservices'))).toHaveLength(1)

    on.answerNext = on.handler
    await on.start()
    await settleAtStart(on.up)
    // young enough to be another replica's work
    expect(recordedStatuses()).toEqual(['pending'])
    expect(await refused(takeBack(answer.id))).toMatchObject({
      status: 409,
      error: { code: 'change-pending' },
    })
    on.clock.advance(180_000)
    await settleAtStart(on.up)
    expect(recordedStatuses()).toEqual([status])
    expect(weights()).toEqual(expected)
    const one = ChangeSummary.parse(
      await (await getChange(request(`changes/${answer.id}`, 'GET'), byId(answer.id))).json(),
    )
    expect(one.status).toBe(status)
  })

  it('settles by the history too, and says when the object is neither as before nor as after', async () => {
    on.answerNext = (req, res) => {
      const isOurs =
        req.method === 'PATCH' && req.url?.includes('virtualservices') && !req.url.includes('dryRun')
      if (!isOurs) return on.handler(req, res)
      on.answerNext = (_req, broken) => broken.destroy()
      res.destroy()
    }
    await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])
    on.answerNext = on.handler
    editElsewhere()
    on.clock.advance(180_000)
    expect((await history()).filter(({ knownBy }) => knownBy === 'record')).toMatchObject([
      { status: 'unknown', objects: [{ error: { code: 'changed-since' } }] },
    ])
  })
})
