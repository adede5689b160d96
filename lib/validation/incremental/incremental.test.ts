/** An incremental analysis must never answer anything else than one from nothing. */
import fc from '@/tests/support/chance'
import { describe, expect, it } from 'vitest'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { analyze } from '../analyze'
import type { Checker } from '../finding'
import { LIVE_CHECKERS } from '../live-checkers'
import { createWorld, kindKey, namespaceOf, readMeshSettings } from '../world'
import { anyObject } from '@/tests/support/kubernetes/random-objects'
import { createIncremental } from './incremental'

const mesh = readMeshSettings(null)
const place = (object: ConfigObject) => `${kindKey(object)} ${namespaceOf(object)}/${object.metadata.name}`

type Edit = { put: ConfigObject } | { drop: number } | { mesh: boolean }

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 6, arbitrary: anyObject.map((put) => ({ put })) },
  { weight: 2, arbitrary: fc.nat(1000).map((drop) => ({ drop })) },
  { weight: 1, arbitrary: fc.boolean().map((isOn) => ({ mesh: isOn })) },
)

function withObject(objects: readonly ConfigObject[], put: ConfigObject): ConfigObject[] {
  return [...objects.filter((object) => place(object) !== place(put)), put]
}

describe('an incremental analysis', () => {
  it('equals a full one after any edits', () => {
    fc.assert(
      fc.property(
        fc.array(anyObject, { maxLength: 60 }),
        fc.array(edit, { minLength: 1, maxLength: 12 }),
        (start, edits) => {
          const incremental = createIncremental(LIVE_CHECKERS)
          let objects = start.reduce(withObject, [] as ConfigObject[])
          let settings = mesh
          const hold = () => {
            const full = analyze(createWorld(objects, settings, { now: 0 }), LIVE_CHECKERS)
            const found = incremental.update(objects, settings, { now: 0 })
            expect(found.map(({ finding }) => finding)).toEqual(full)
          }
          hold()
          for (const step of edits) {
            if ('put' in step) objects = withObject(objects, step.put)
            else if ('drop' in step) objects = objects.filter((_, at) => at !== step.drop % objects.length)
            else settings = readMeshSettings({ enableAutoMtls: step.mesh })
            hold()
          }
        },
      ),
      { numRuns: 60, seed: 20261128 },
    )
  }, 60_000)
})

const HIDEABLE = ['/Service', '/Pod', '/Namespace', 'networking.istio.io/DestinationRule'] as const

describe('what looks at kinds that may not be read', () => {
  it('reports nothing, and again when they may', () => {
    const route: ConfigObject = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: {
        hosts: ['cart'],
        http: [{ route: [{ destination: { host: 'nobody' } }], timeout: 'soon' }],
      },
    }
    const incremental = createIncremental(LIVE_CHECKERS)
    const codes = (hidden: ReadonlySet<(typeof HIDEABLE)[number]>) =>
      incremental.update([route], mesh, { hidden }).map(({ finding }) => `${finding.code} ${finding.path}`)
    const all = codes(new Set())
    const missing = 'IST0101 spec.http[0].route[0].destination.host'
    expect(all).toContain(missing)
    const told = codes(new Set(['/Service']))
    expect(told).not.toContain(missing)
    // its own fields are there to be read
    expect(told).toContain('IST0106 spec.http[0].timeout')
    expect(codes(new Set())).toEqual(all)
  })

  it('is told of any edits as an analysis from nothing tells it', () => {
    fc.assert(
      fc.property(
        fc.array(anyObject, { maxLength: 40 }),
        fc.array(fc.tuple(anyObject, fc.subarray([...HIDEABLE])), { minLength: 1, maxLength: 6 }),
        (start, edits) => {
          const incremental = createIncremental(LIVE_CHECKERS)
          let objects = start.reduce(withObject, [] as ConfigObject[])
          for (const [put, kinds] of edits) {
            objects = withObject(objects, put)
            const options = { now: 0, hidden: new Set(kinds) }
            expect(incremental.update(objects, mesh, options)).toEqual(
              createIncremental(LIVE_CHECKERS).update(objects, mesh, options),
            )
          }
        },
      ),
      { numRuns: 40 },
    )
  }, 60_000)
})

const service = (name: string, type: string): ConfigObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { type },
})

describe('what an edit checks again', () => {
  const visited: string[] = []
  const checker: Checker = {
    codes: { IST9999: 'info' },
    check(world, report) {
      world.each('/Service', (object) => {
        visited.push(object.metadata.name)
        const friend = world.find('/Service', 'shop', `${object.metadata.name}-friend`)
        if (friend) report('IST9999', object, null, String((friend.spec as { type: string }).type))
      })
    },
  }
  const incremental = createIncremental([checker])
  const update = (objects: ConfigObject[]) => {
    visited.length = 0
    const entries = incremental.update(objects, mesh)
    return { visited: [...visited].sort(), said: entries.map(({ finding }) => finding.message) }
  }
  const [a, b, friend] = [service('a', 'x'), service('b', 'x'), service('a-friend', 'one')]

  it('is everything at first', () => {
    expect(update([a, b, friend])).toEqual({ visited: ['a', 'a-friend', 'b'], said: ['one'] })
  })

  it('is nothing where nothing changed', () => {
    expect(update([a, b, friend])).toEqual({ visited: [], said: ['one'] })
  })

  it('is the edited object, and what had asked for it', () => {
    expect(update([a, b, service('a-friend', 'two')])).toEqual({ visited: ['a', 'a-friend'], said: ['two'] })
  })

  it('is what had asked for an object that came or went', () => {
    expect(update([a, b])).toEqual({ visited: ['a'], said: [] })
    expect(update([a, b, service('b-friend', 'three')])).toEqual({
      visited: ['b', 'b-friend'],
      said: ['three'],
    })
  })
})
