import { describe, expect, it } from 'vitest'
import { findKindSchema, SCHEMA_BOUNDS } from './openapi'

const GVK = 'x-kubernetes-group-version-kind'
const web = { group: 'shop.io', version: 'v1', kind: 'Web' }
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const of = (properties: object, more: object = {}) => ({
  'io.shop.v1.Web': { type: 'object', [GVK]: [web], properties },
  ...more,
})

describe('findKindSchema', () => {
  it('resolves references, keeps descriptions nearest, leaves out what the server keeps', () => {
    const schema = findKindSchema(
      of(
        {
          metadata: { allOf: [ref('Meta')], description: 'Here.' },
          spec: {
            type: 'object',
            required: ['port'],
            properties: { port: { type: 'integer', format: 'int32' } },
          },
          status: { type: 'object' },
        },
        {
          Meta: { type: 'object', description: 'There.', properties: { name: { type: 'string' }, uid: {} } },
        },
      ),
      web,
    )
    expect(schema).toEqual({
      type: 'object',
      properties: {
        metadata: { type: 'object', description: 'Here.', properties: { name: { type: 'string' } } },
        spec: {
          type: 'object',
          required: ['port'],
          properties: { port: { type: 'integer', format: 'int32' } },
        },
      },
    })
  })

  it('ends where a type holds itself', () => {
    const tree = { type: 'object', properties: { left: ref('Tree') } }
    const schema = findKindSchema(of({ spec: ref('Tree') }, { Tree: tree }), web)
    expect(schema?.properties?.spec).toEqual({ type: 'object', properties: { left: { type: 'any' } } })
  })

  it('stays within its bounds, however large the document', () => {
    const wide = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, ref('B')]))
    const schema = findKindSchema(
      of(
        { a: ref('A') },
        {
          A: { properties: wide },
          B: {
            properties: Object.fromEntries(
              Object.keys(wide).map((k) => [k, { type: 'string', description: 'x'.repeat(5_000) }]),
            ),
          },
        },
      ),
      web,
    )
    const count = (node: unknown): number =>
      typeof node === 'object' && node !== null
        ? Number('type' in node) + Object.values(node).reduce<number>((sum, each) => sum + count(each), 0)
        : 0
    expect(JSON.stringify(schema).length).toBeLessThan(20_000_000)
    expect(count(schema)).toBeLessThan(300 * 300 + 1_000)
    const first = schema?.properties?.a?.properties?.f0?.properties?.f0
    expect(first?.description?.length).toBe(SCHEMA_BOUNDS.descriptionLength)
    const last = schema?.properties?.a?.properties?.f299
    expect(last).toEqual({ type: 'any' })
  })

  it.each([
    [{ 'x-kubernetes-int-or-string': true, oneOf: [] }, 'string'],
    [{ items: {} }, 'array'],
    [{}, 'any'],
    [{ enum: ['A', 'B'], type: 'string' }, 'string'],
  ])('reads %j as %s', (place, type) => {
    expect(findKindSchema(of({ spec: place }), web)?.properties?.spec?.type).toBe(type)
  })

  it('finds nothing for another kind', () => {
    expect(findKindSchema(of({}), { ...web, kind: 'Other' })).toBeUndefined()
  })
})
