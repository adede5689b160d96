/** A process that dies between recording a change and hearing of it. */
import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { GET as getChange } from '@/app/api/v1/changes/[id]/route'
import { ApplyAnswer, ChangeSummary } from '@/lib/api/schemas/config/changes'
import { settleAtStart } from '@/lib/server/changes/settle'
import {
  byId,
  changePipeline,
  MOVE,
  refused,
  REVIEWS,
  weighted,
} from '../../support/kubernetes/change-pipeline'
import { present } from '../../support/present'

describe('a change whose process died', () => {
  const on = changePipeline()
  const { apply, history, takeBack, request, weights, editElsewhere, recordedStatuses } = on

  const isWrite = ({ method, url = '' }: IncomingMessage) =>
    method === 'PATCH' && url.includes('virtualservices') && !url.includes('dryRun')

  it.each([
    ['before the write arrived', false, 'failed', [90, 10]],
    ['after the write arrived', true, 'applied', [50, 50]],
  ])('settles at the next start a change whose process died %s', async (_, hasArrived, status, expected) => {
    on.answerNext = (req, res) => {
      if (!isWrite(req)) return on.handler(req, res)
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

  it('is applied, without a problem, when only the answer was lost', async () => {
    on.answerNext = (req, res) => {
      if (isWrite(req)) res.end = (() => res.destroy()) as typeof res.end
      on.handler(req, res)
    }
    const answer = ApplyAnswer.parse(await (await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json())
    expect(answer).toMatchObject({ status: 'applied', changes: [{ status: 'applied', error: null }] })
    expect(recordedStatuses()).toEqual(['applied'])
  })

  it('stays open while a write that broke off may still come, and has a way back when it came', async () => {
    let late = () => {}
    on.answerNext = (req, res) => {
      if (!isWrite(req)) return on.handler(req, res)
      // the API server has the request; only the connection to it is gone
      const body: Buffer[] = []
      req.on('data', (piece: Buffer) => body.push(piece))
      req.on('end', () => {
        late = () => {
          const now = present(on.stored('VirtualService', 'reviews'))
          on.store.update({ ...now, spec: weighted('reviews', 'bookinfo', [50, 50]).spec })
        }
        res.destroy()
      })
    }
    const answer = ApplyAnswer.parse(await (await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json())
    expect(answer).toMatchObject({
      status: 'pending',
      changes: [{ status: 'pending', error: { code: 'kubernetes-unreachable' } }],
    })
    late()
    on.answerNext = on.handler
    on.clock.advance(180_000)
    expect((await history()).find(({ id }) => id === answer.id)).toMatchObject({ status: 'applied' })
    expect((await takeBack(answer.id)).status).toBe(200)
    expect(weights()).toEqual([90, 10])
  })

  it('fails with what broke, not with an end of Heddle that never was, when the write never came', async () => {
    on.answerNext = (req, res) => (isWrite(req) ? res.destroy() : on.handler(req, res))
    const answer = ApplyAnswer.parse(await (await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json())
    on.clock.advance(180_000)
    expect((await history()).find(({ id }) => id === answer.id)).toMatchObject({
      status: 'failed',
      objects: [{ status: 'failed', error: { code: 'kubernetes-unreachable' } }],
    })
  })

  it('has failed at once when the API server turned the write away, as that never comes', async () => {
    on.answerNext = (req, res) =>
      isWrite(req) ? void res.writeHead(429, { 'retry-after': '1' }).end() : on.handler(req, res)
    const answer = ApplyAnswer.parse(await (await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json())
    expect(answer).toMatchObject({
      status: 'failed',
      changes: [{ status: 'failed', error: { code: 'kubernetes-failed' } }],
    })
    expect(recordedStatuses()).toEqual(['failed'])
    expect(on.writes.filter((write) => write.includes('virtualservices'))).toHaveLength(1)
  })

  it('settles by the history too, and says when the object is neither as before nor as after', async () => {
    on.answerNext = (req, res) => {
      if (!isWrite(req)) return on.handler(req, res)
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
