import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { POST } from '@/app/api/v1/analyze/route'
import { ApiError } from '@/lib/api/schemas/common'
import { Findings } from '@/lib/api/schemas/config/analyze'
import { readConfig } from '@/lib/server/config/config'
import { createLog } from '@/lib/server/log'
import { createUpstreams, setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { manualClock } from '../../support/heddle/manual-clock'

const DOCUMENTS = `# the route comes first
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: bookinfo
spec:
  hosts: [reviews]
  http:
  - route:
    - destination:
        host: ratings
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: bookinfo}
spec:
  ports: [{name: http, port: 80}]
`

describe('POST /api/v1/analyze', () => {
  let up: Upstreams

  beforeAll(() => {
    // nothing listens there: analysis needs no upstream
    up = createUpstreams(readConfig({ PROMETHEUS_URL: 'http://127.0.0.1:1', HEDDLE_CLUSTER_NAME: 'east' }), {
      clock: manualClock(Date.UTC(2026, 7, 20)),
      log: createLog('info', () => undefined),
    })
    setUpstreams(up)
  })

  afterAll(async () => {
    setUpstreams(null)
    await up.close()
  })

  const post = (body: string, type: string) =>
    POST(
      new Request('http://heddle.test/api/v1/analyze', {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      }),
    )

  it('answers findings about YAML documents with object, path and line', async () => {
    const response = await post(DOCUMENTS, 'application/yaml')
    expect(response.status).toBe(200)
    expect(Findings.parse(await response.json()).findings).toMatchObject([
      {
        code: 'IST0101',
        severity: 'error',
        object: { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' },
        path: 'spec.http[0].route[0].destination.host',
        line: 12,
      },
    ])
  })

  it('takes the same inside JSON, with a mesh configuration', async () => {
    const body = JSON.stringify({ documents: DOCUMENTS, meshConfig: 'rootNamespace: mesh' })
    const response = await post(body, 'application/json; charset=utf-8')
    expect(response.status).toBe(200)
    expect(Findings.parse(await response.json()).findings).toHaveLength(1)
  })

  it('finds nothing in nothing', async () => {
    expect(await (await post('', 'application/yaml')).json()).toEqual({ findings: [] })
  })

  it.each([
    ['YAML that does not parse', 'a: 1\nb: [1', 'application/yaml', 400, 'invalid-documents', /^Line 2: /],
    [
      'what is no object',
      'kind: Service\n',
      'application/yaml',
      400,
      'invalid-documents',
      /^Line 1: .*apiVersion/,
    ],
    ['broken JSON', '{', 'application/json', 400, 'invalid-body', /not JSON/],
    ['JSON of another shape', '{"document": ""}', 'application/json', 400, 'invalid-body', /document/],
    [
      'a mesh configuration that does not parse',
      JSON.stringify({ documents: '', meshConfig: 'a: [' }),
      'application/json',
      400,
      'invalid-documents',
      /meshConfig/,
    ],
    ['another media type', 'x', 'image/png', 415, 'unsupported-media-type', /application\/yaml/],
    ['too much', ' '.repeat(30_000_000), 'application/yaml', 413, 'body-too-large', /20000000 bytes/],
    [
      'too many characters',
      ' '.repeat(6_000_000),
      'application/yaml',
      400,
      'invalid-documents',
      /at most 5000000/,
    ],
  ])('refuses %s', async (_, body, type, status, code, message) => {
    const response = await post(body, type)
    expect(response.status).toBe(status)
    const { error } = ApiError.parse(await response.json())
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
  })
})
