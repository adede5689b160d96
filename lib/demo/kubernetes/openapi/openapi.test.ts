import { describe, expect, it } from 'vitest'
import { asRecord, at } from '../json'
import { RESOURCE_KINDS } from '../kinds'
import { startCluster } from '@/tests/support/kubernetes/kubernetes-cluster'
import { openApiV2, openApiV3, openApiV3Index } from './documents'
import { encodeOpenApiV2 } from './protobuf'

/** Every `$ref` of a document. */
function references(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof value !== 'object' || value === null) return found
  const own = (value as { $ref?: unknown }).$ref
  if (typeof own === 'string') found.add(own)
  for (const part of Object.values(value)) references(part, found)
  return found
}

function kindsOf(schemas: unknown): Set<string> {
  const kinds = new Set<string>()
  for (const schema of Object.values(asRecord(schemas))) {
    for (const gvk of (at(schema, 'x-kubernetes-group-version-kind') ?? []) as Record<string, string>[]) {
      kinds.add(`${gvk.group}/${gvk.version}/${gvk.kind}`)
    }
  }
  return kinds
}

describe('OpenAPI of the embedded cluster', () => {
  it('describes every served kind and version in both editions, with no reference to nothing', () => {
    const second = openApiV2()
    const index = asRecord(openApiV3Index().paths)
    const third = Object.keys(index).map((place) => {
      const [, group = '', version = ''] = /^(?:api|apis\/([^/]+))\/([^/]+)$/.exec(place) ?? []
      return openApiV3(group, version)
    })
    const inThird = new Set(third.flatMap((document) => [...kindsOf(at(document, 'components', 'schemas'))]))
    const inSecond = kindsOf(second.definitions)
    for (const { group, versions, kind } of RESOURCE_KINDS) {
      for (const version of versions) {
        expect(inSecond).toContain(`${group}/${version}/${kind}`)
        expect(inThird).toContain(`${group}/${version}/${kind}`)
      }
    }
    const lost = [...references(second)].filter(
      (reference) => at(second.definitions, reference.replace('#/definitions/', '')) === undefined,
    )
    const lostInThird = third.flatMap((document) =>
      [...references(document)].filter(
        (reference) =>
          at(document, 'components', 'schemas', reference.replace('#/components/schemas/', '')) === undefined,
      ),
    )
    expect([lost, lostInThird]).toEqual([[], []])
  })

  it('offers what kubectl looks for before it uses it', () => {
    const path = at(
      openApiV3('networking.istio.io', 'v1'),
      'paths',
      '/apis/networking.istio.io/v1/namespaces/{namespace}/virtualservices/{name}',
    )
    const patch = asRecord(at(path, 'patch'))
    expect((patch.parameters as { name: string }[]).map((parameter) => parameter.name)).toEqual([
      'dryRun',
      'fieldManager',
      'fieldValidation',
      'force',
    ])
    expect(Object.keys(asRecord(at(patch, 'requestBody', 'content')))).not.toContain(
      'application/strategic-merge-patch+json',
    )
  })

  it('keeps the bounds of CRDs', () => {
    const schema = at(
      openApiV3('gateway.networking.k8s.io', 'v1'),
      'components',
      'schemas',
      'io.k8s.networking.gateway.v1.HTTPRoute',
    )
    expect(at(schema, 'properties', 'spec', 'properties', 'hostnames')).toMatchObject({
      maxItems: 16,
      items: { minLength: 1, maxLength: 253, pattern: expect.stringContaining('[a-z0-9]') },
    })
  })

  it('writes the second edition as protobuf', () => {
    const encoded = encodeOpenApiV2({
      swagger: '2.0',
      definitions: { A: { type: 'object', required: ['b'], properties: { b: { type: 'string' } } } },
    })
    const parts = [
      '0a03322e30', // 1 swagger: "2.0"
      '1200', // 2 info: nothing
      '4200', // 8 paths: nothing
      '4a2b', // 9 definitions
      '0a29', // 1 one named schema
      '0a0141', // 1 name: "A"
      '1224', // 2 value: a schema
      '9a010162', // 19 required: "b"
      'b201080a066f626a656374', // 22 type: { 1: "object" }
      'ca01120a100a0162120bb201080a06737472696e67', // 25 properties: { 1: { name: "b", value: { type: "string" } } }
    ]
    expect(encoded.toString('hex')).toBe(parts.join(''))
  })

  it('is served as JSON and protobuf, zipped when asked', async () => {
    const { call } = await startCluster()
    const plain = await call('GET', '/openapi/v2', undefined, { Accept: 'application/json' })
    expect(plain.body.swagger).toBe('2.0')
    const old = await call('GET', '/openapi/v2', undefined, {
      Accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
    })
    expect(old.headers.get('content-type')).toBe('application/com.github.proto-openapi.spec.v2.v1.0+protobuf')
    const index = await call('GET', '/openapi/v3')
    const place = at(index.body, 'paths', 'apis/apps/v1', 'serverRelativeURL')
    expect((await call('GET', String(place), undefined, { 'Accept-Encoding': 'gzip' })).body.openapi).toBe(
      '3.0.0',
    )
    expect((await call('GET', '/openapi/v3/apis/nobody/v1')).status).toBe(404)
  })
})
