/** Every way a change is refused: nothing of it is written, and the answer says why. */
import { describe, expect, it } from 'vitest'
import { DELETE } from '@/app/api/v1/config/[group]/[version]/[resource]/[namespace]/[name]/route'
import { POST as applyRoute } from '@/app/api/v1/config/apply/route'
import { POST as previewRoute } from '@/app/api/v1/config/preview/route'
import { PreviewAnswer } from '@/lib/api/schemas/config/changes'
import {
  addressOf,
  at,
  changePipeline,
  MOVE,
  REF,
  refused,
  REVIEWS,
  RULE,
  weighted,
} from '../../support/kubernetes/change-pipeline'

describe('changes that are refused', () => {
  const on = changePipeline()
  const { apply, preview, takeBack, request, weights } = on

  it('says in the preview what the API server refuses, and applies nothing of it', async () => {
    const bad = [
      {
        op: 'patch',
        ref: REVIEWS,
        patch: [{ op: 'replace', path: '/spec/http/0/route/0/weight', value: -5 }],
      },
    ]
    const answer = PreviewAnswer.parse(await (await preview(bad)).json())
    expect(answer.changes[0]?.dryRun).toMatchObject({ ok: false, code: 'rejected' })
    expect(await refused(apply(bad))).toMatchObject({
      status: 400,
      error: { code: 'rejected', parameter: 'changes[0]' },
    })
    const typo = [{ op: 'patch', ref: REVIEWS, patch: [{ op: 'add', path: '/spec/htpp', value: [] }] }]
    expect((await refused(apply(typo))).error.message).toContain('htpp')
    expect(on.writes).toEqual([])
  })

  it('shows the change beside what the API server says while a webhook that must be asked is away', async () => {
    const message =
      'Internal error occurred: failed calling webhook "validation.istio.io": failed to call webhook: connection refused'
    on.answerNext = (req, res) => {
      if (req.method !== 'PATCH') return on.handler(req, res)
      res.writeHead(500, { 'content-type': 'application/json' })
      res.end(JSON.stringify({ kind: 'Status', reason: 'InternalError', code: 500, message }))
    }
    const changes = [{ op: 'patch', ref: REVIEWS, patch: MOVE }]
    const [shown] = PreviewAnswer.parse(await (await preview(changes)).json()).changes
    expect(shown?.dryRun).toMatchObject({ ok: false, code: 'rejected', message: `${message}.` })
    expect(shown?.diff).toContain('weight')
    expect(await refused(apply(changes))).toMatchObject({ status: 400, error: { code: 'rejected' } })
    expect(weights()).toEqual([90, 10])
  })

  it('applies nothing when it cannot be recorded', async () => {
    await on.start({}, '{ token: demo-payments }')
    const ref = { ...REF, namespace: 'payments', name: 'fresh' }
    const create = { op: 'create', ref, object: weighted('fresh', 'payments', [90, 10]) }
    expect(await refused(apply([create]))).toMatchObject({
      status: 403,
      error: { code: 'change-not-recorded' },
    })
    expect(on.writes.some((write) => write.includes('virtualservices'))).toBe(false)
  })

  it('tells a viewer in the preview, and refuses the apply', async () => {
    await on.start({}, '{ token: demo-viewer }')
    const changes = [{ op: 'patch', ref: REVIEWS, patch: MOVE }]
    const answer = PreviewAnswer.parse(await (await preview(changes)).json())
    expect(answer.changes[0]).toMatchObject({ allowed: false, dryRun: { ok: false, code: 'forbidden' } })
    expect(await refused(apply(changes))).toMatchObject({ status: 403, error: { code: 'forbidden' } })
    expect(on.writes).toEqual([])
  })

  it('changes nothing when read-only, nor for pages of other sites', async () => {
    const body = { changes: [{ op: 'patch', ref: REVIEWS, patch: MOVE }] }
    const foreign = { origin: 'http://evil.test' }
    expect(await refused(applyRoute(request('config/apply', 'POST', body, foreign)))).toMatchObject({
      status: 403,
      error: { code: 'cross-origin' },
    })
    expect(
      (await refused(DELETE(request(addressOf('reviews'), 'DELETE', undefined, foreign), at('reviews'))))
        .status,
    ).toBe(403)
    await on.start({ HEDDLE_READ_ONLY: 'true' })
    for (const response of [
      apply(body.changes),
      takeBack('any'),
      DELETE(request(addressOf('reviews'), 'DELETE'), at('reviews')),
    ]) {
      expect(await refused(response)).toMatchObject({ status: 403, error: { code: 'read-only' } })
    }
    expect((await preview(body.changes)).status).toBe(200)
    expect(on.writes).toEqual([])
  })

  it('asks for a reason where one is required', async () => {
    on.up.config.changes.requiresReason = true
    const changes = [{ op: 'patch', ref: REVIEWS, patch: MOVE }]
    expect(await refused(apply(changes))).toMatchObject({ status: 400, error: { code: 'missing-reason' } })
    expect((await apply(changes, { reason: 'because' })).status).toBe(200)
  })

  const object = weighted('reviews', 'bookinfo', [50, 50])
  it.each<[string, object | string, number, string]>([
    ['JSON that does not parse', '{', 400, 'invalid-json'],
    ['a body of another shape', { changes: [] }, 400, 'invalid-body'],
    ['YAML that does not parse', { op: 'update', ref: REVIEWS, yaml: 'a: [1\nb: 2' }, 400, 'invalid-yaml'],
    ['several documents', { op: 'update', ref: REVIEWS, yaml: 'a: 1\n---\nb: 2' }, 400, 'several-documents'],
    ['what is no object', { op: 'update', ref: REVIEWS, yaml: 'a: 1' }, 400, 'invalid-object'],
    [
      'an update of nobody knows which state',
      { op: 'update', ref: REVIEWS, object },
      400,
      'missing-resource-version',
    ],
    ['a kind that is not ours', { op: 'delete', ref: { ...REVIEWS, kind: 'Secret' } }, 400, 'unknown-kind'],
    ['a version nobody serves', { op: 'delete', ref: { ...REVIEWS, version: 'v9' } }, 400, 'unknown-kind'],
    [
      'a cluster that is not there',
      { op: 'delete', ref: { ...REVIEWS, cluster: 'west' } },
      404,
      'cluster-not-found',
    ],
    ['no namespace', { op: 'delete', ref: { ...REVIEWS, namespace: '' } }, 400, 'missing-namespace'],
    [
      'another namespace',
      { op: 'create', ref: { ...REVIEWS, namespace: 'payments' }, object },
      400,
      'wrong-namespace',
    ],
    [
      'a renamed object',
      { op: 'update', ref: { ...REVIEWS, name: 'ratings' }, object, resourceVersion: '1' },
      400,
      'renamed-object',
    ],
    ['another kind', { op: 'create', ref: { ...RULE, name: 'x' }, object }, 400, 'kind-mismatch'],
    ['a name that is taken', { op: 'create', ref: REVIEWS, object }, 409, 'name-taken'],
    [
      'an object that is not there',
      { op: 'delete', ref: { ...REVIEWS, name: 'none' } },
      404,
      'object-not-found',
    ],
    ['a patch without a patch', { op: 'patch', ref: REVIEWS }, 400, 'missing-patch'],
    [
      'a patch that does not fit',
      { op: 'patch', ref: REVIEWS, patch: [{ op: 'remove', path: '/spec/none' }] },
      400,
      'patch-not-applicable',
    ],
    [
      'a patch that is to guard itself by the state, and would not',
      {
        op: 'patch',
        ref: REVIEWS,
        patch: [{ op: 'replace', path: '/metadata/resourceVersion', value: '1' }, ...MOVE],
      },
      400,
      'field-not-writable',
    ],
    [
      'a patch of the status',
      { op: 'patch', ref: REVIEWS, patch: [{ op: 'add', path: '/status', value: {} }] },
      400,
      'field-not-writable',
    ],
  ])('refuses %s', async (_, change, status, code) => {
    const body = typeof change === 'string' || 'changes' in change ? change : { changes: [change] }
    for (const [path, route] of [
      ['apply', applyRoute],
      ['preview', previewRoute],
    ] as const) {
      expect(await refused(route(request(`config/${path}`, 'POST', body)))).toMatchObject({
        status,
        error: { code },
      })
    }
    expect(on.writes).toEqual([])
  })

  it('refuses a body that is too large, an alias bomb and the same object twice', async () => {
    expect((await refused(applyRoute(request('config/apply', 'POST', ' '.repeat(5_000_001))))).status).toBe(
      413,
    )
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]`
    expect((await refused(apply([{ op: 'update', ref: REVIEWS, yaml: bomb }]))).error.code).toBe(
      'invalid-yaml',
    )
    const one = { op: 'delete', ref: REVIEWS }
    expect((await refused(apply([one, one]))).error.code).toBe('repeated-object')
  })

  it('refuses text that is not UTF-8, of which other characters would be written', async () => {
    const change = {
      op: 'create',
      ref: { ...REF, name: 'café' },
      object: weighted('café', 'bookinfo', [1, 1]),
    }
    const { url, headers } = request('config/apply', 'POST', {})
    const sent = (encoding: 'latin1' | 'utf16le') =>
      applyRoute(
        new Request(url, {
          method: 'POST',
          headers,
          body: Buffer.from(JSON.stringify({ changes: [change] }), encoding),
        }),
      )
    for (const encoding of ['latin1', 'utf16le'] as const) {
      expect(await refused(sent(encoding))).toMatchObject({
        status: 400,
        error: { code: 'invalid-encoding', message: expect.stringContaining('not UTF-8') },
      })
    }
    expect(on.writes).toEqual([])
  })

  it('refuses what JSON cannot hold before the API server is asked', async () => {
    const yaml = (rest: string) =>
      `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: yy, namespace: bookinfo}\nspec: &spec\n  hosts: [yy]\n${rest}`
    const create = (extra: object) => apply([{ op: 'create', ref: { ...REF, name: 'yy' }, ...extra }])
    for (const [rest, message] of [
      ['  itself: *spec', 'Its values are nested more than 200 levels deep.'],
      ['  http: *nowhere', 'No anchor &nowhere stands before the alias *nowhere.'],
      ['  weight: .inf', 'JSON has no number Infinity; write another.'],
    ] as const) {
      expect(await refused(create({ yaml: yaml(rest) }))).toMatchObject({
        status: 400,
        error: { code: 'invalid-yaml', message },
      })
    }
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`)
    expect(await refused(create({ object: deep }))).toMatchObject({
      status: 400,
      error: { code: 'invalid-json', message: 'Its values are nested more than 200 levels deep.' },
    })
  })

  it('passes over the empty document after a last separator', async () => {
    const yaml = `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: yy, namespace: bookinfo}\nspec: {hosts: [yy], http: [{route: [{destination: {host: ratings}}]}]}\n---\n# the end\n`
    const item = { op: 'create', ref: { ...REF, name: 'yy' }, yaml }
    expect((await preview([item])).status).toBe(200)
  })

  it('answers 503 while the API server is away, with nothing applied', async () => {
    on.answerNext = (_req, res) => res.destroy()
    expect(await refused(apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }]))).toMatchObject({
      status: 503,
      error: { code: 'kubernetes-unreachable' },
    })
    expect(weights()).toEqual([90, 10])
  })
})
