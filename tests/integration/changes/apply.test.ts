/** Previewing and applying on the embedded API server: what is shown, written, recorded, and taken by address. */
import { parse, stringify } from 'yaml'
import { describe, expect, it } from 'vitest'
import { POST as previewRevert } from '@/app/api/v1/changes/[id]/revert/preview/route'
import { GET as getChange } from '@/app/api/v1/changes/[id]/route'
import {
  DELETE,
  GET,
  POST,
  PUT,
} from '@/app/api/v1/config/[group]/[version]/[resource]/[namespace]/[name]/route'
import { GET as getConfig } from '@/app/api/v1/config/route'
import {
  ApplyAnswer,
  ChangeDetail,
  ConfigDetail,
  ConfigList,
  PreviewAnswer,
} from '@/lib/api/schemas/config/changes'
import {
  addressOf,
  at,
  byId,
  changePipeline,
  MOVE,
  refused,
  REVIEWS,
  weighted,
} from '../../support/kubernetes/change-pipeline'
import { present } from '../../support/present'

describe('changes on the embedded API server', () => {
  const on = changePipeline()
  const { apply, preview, history, takeBack, request, stored, weights } = on
  const versionOf = (kind: string) => present(stored(kind, 'reviews')).metadata.resourceVersion

  it('lists objects by kind and namespace, and reads one with every field', async () => {
    const list = async (query: string) =>
      ConfigList.parse(await (await getConfig(request(`config${query}`, 'GET'))).json()).items
    const found = await list('?kinds=VirtualService&namespaces=bookinfo')
    expect(found.map(({ ref }) => ref)).toContainEqual({ cluster: 'east', ...REVIEWS })
    expect(new Set(found.map(({ ref }) => `${ref.namespace}/${ref.kind}`))).toEqual(
      new Set(['bookinfo/VirtualService']),
    )
    expect((await list('')).length).toBeGreaterThan(found.length)
    const detail = ConfigDetail.parse(
      await (await GET(request(addressOf('reviews'), 'GET'), at('reviews'))).json(),
    )
    expect(detail.object).toEqual(stored('VirtualService', 'reviews'))
    expect(await refused(GET(request(addressOf('none'), 'GET'), at('none')))).toMatchObject({
      status: 404,
      error: { code: 'object-not-found' },
    })
    expect(await refused(GET(request(addressOf('x'), 'GET'), at('x', 'secrets')))).toMatchObject({
      status: 404,
      error: { code: 'unknown-kind' },
    })
  })

  it('previews: the difference and nothing else, dry run, permission, findings; nothing is written', async () => {
    const patch = [...MOVE, { op: 'replace', path: '/spec/http/0/route/1/destination/subset', value: 'v9' }]
    const response = await preview([{ op: 'patch', ref: REVIEWS, patch }])
    const answer = PreviewAnswer.parse(await response.json())
    const [change] = answer.changes
    const changed = present(change)
      .diff.split('\n')
      .filter((line) => /^[-+] /.test(line))
      .map((line) => line.replace(/\s+/g, ' '))
    expect(changed).toEqual([
      '- weight: 90',
      '+ weight: 50',
      '- subset: v2',
      '- weight: 10',
      '+ subset: v9',
      '+ weight: 50',
    ])
    expect(change).toMatchObject({ allowed: true, owner: null, dryRun: { ok: true, code: null } })
    expect(answer.findings?.added).toMatchObject([{ code: 'IST0101', object: { name: 'reviews' } }])
    expect(answer.findings?.resolved).toEqual([])
    // without telemetry nothing is made up
    expect(answer.impact).toMatchObject({
      requestsPerSecond: null,
      callers: null,
      services: ['east/bookinfo/service/reviews'],
    })
    expect(on.writes).toEqual([])
    expect(weights()).toEqual([90, 10])
  })

  it('applies, keeps the record before and after, and takes it back', async () => {
    const response = await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }], { reason: 'canary' })
    const answer = ApplyAnswer.parse(await response.json())
    expect(answer).toMatchObject({ status: 'applied', changes: [{ status: 'applied', error: null }] })
    expect(weights()).toEqual([50, 50])
    expect(answer.changes[0]?.resourceVersion).toBe(versionOf('VirtualService'))
    const managers = present(stored('VirtualService', 'reviews')).metadata.managedFields as {
      manager: string
    }[]
    expect(managers.map(({ manager }) => manager)).toContain('heddle')
    // recorded first, marked last; the namespace is made when it is missing
    expect(on.writes.map((write) => write.replace(/heddle-change-.*/, '…'))).toEqual([
      'POST /api/v1/namespaces/heddle/configmaps',
      'POST /api/v1/namespaces',
      'POST /api/v1/namespaces/heddle/configmaps',
      'PATCH /apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices/reviews',
      'PATCH /api/v1/namespaces/heddle/configmaps/…',
    ])
    const readable = parse(
      (on.store.list('ConfigMap', 'heddle')[0]?.data as Record<string, string>)['change.yaml'] ?? '',
    ) as { objects: { before: { spec: { http: unknown[] } } }[] }
    expect(readable.objects[0]?.before.spec.http).toHaveLength(1)

    const [kept] = await history('?namespace=bookinfo&kind=VirtualService&name=reviews')
    const detail = ChangeDetail.parse(
      await (await getChange(request(`changes/${answer.id}`, 'GET'), byId(answer.id))).json(),
    )
    expect(detail.objects[0]).toMatchObject({
      before: { spec: { http: [{ route: [{ weight: 90 }, { weight: 10 }] }] } },
      after: { spec: { http: [{ route: [{ weight: 50 }, { weight: 50 }] }] } },
    })
    expect(kept).toMatchObject({ id: answer.id, status: 'applied', reason: 'canary', author: 'demo-admin' })
    expect(await history('?namespace=payments')).toEqual([])

    const back = PreviewAnswer.parse(
      await (
        await previewRevert(request(`changes/${answer.id}/revert/preview`, 'POST'), byId(answer.id))
      ).json(),
    )
    expect(back.changes[0]?.diff).toMatch(/^\+ +weight: 90$/m)
    const undone = ApplyAnswer.parse(await (await takeBack(answer.id)).json())
    expect(undone.status).toBe('applied')
    expect(weights()).toEqual([90, 10])
    expect((await history()).find(({ id }) => id === undone.id)?.reverts).toBe(answer.id)
    // a second time there is nothing left to take back
    expect(await refused(takeBack(answer.id))).toMatchObject({
      status: 409,
      error: { code: 'nothing-to-revert' },
    })
    expect(await refused(takeBack('none'))).toMatchObject({
      status: 404,
      error: { code: 'change-not-found' },
    })
  })

  it('tells in the preview whose rights would be used, and what it is bound to', async () => {
    const answer = PreviewAnswer.parse(await (await preview([{ op: 'delete', ref: REVIEWS }])).json())
    expect(answer).toMatchObject({
      rights: { user: 'demo-admin', isShared: true },
      requiresReason: false,
      isReadOnly: false,
      changes: [{ before: { metadata: { name: 'reviews' } }, after: null }],
    })
  })

  it('takes single objects by their address: POST, PUT as YAML, DELETE', async () => {
    const post = await POST(
      request(addressOf('fresh'), 'POST', weighted('fresh', 'bookinfo', [90, 10])),
      at('fresh'),
    )
    expect(ApplyAnswer.parse(await post.json()).status).toBe('applied')
    const now = present(stored('VirtualService', 'fresh'))
    const edited = { ...now, metadata: { ...now.metadata, labels: { edited: 'yes' } } }
    // for readers of YAML 1.1 a plain yes is no text
    const text = stringify(edited, { version: '1.1' })
    const put = await PUT(
      request(addressOf('fresh'), 'PUT', text, { 'content-type': 'application/yaml' }),
      at('fresh'),
    )
    expect(ApplyAnswer.parse(await put.json()).status).toBe('applied')
    expect(stored('VirtualService', 'fresh')?.metadata.labels).toEqual({ edited: 'yes' })
    const gone = await DELETE(request(addressOf('fresh'), 'DELETE'), at('fresh'))
    const { id, status } = ApplyAnswer.parse(await gone.json())
    expect(status).toBe('applied')
    expect(stored('VirtualService', 'fresh')).toBeUndefined()
    // a deleted object comes back as it was
    expect(ApplyAnswer.parse(await (await takeBack(id)).json()).status).toBe('applied')
    expect(stored('VirtualService', 'fresh')?.metadata.labels).toEqual({ edited: 'yes' })
  })

  it('names the owner who will put a change back', async () => {
    const now = present(stored('VirtualService', 'reviews'))
    on.store.update({
      ...now,
      metadata: { ...now.metadata, labels: { 'argocd.argoproj.io/instance': 'shop' } },
    })
    const answer = PreviewAnswer.parse(await (await preview([{ op: 'delete', ref: REVIEWS }])).json())
    expect(answer.changes[0]?.owner).toMatchObject({ tool: 'Argo CD', name: 'shop' })
  })
})
