import { describe, expect, it } from 'vitest'
import { inventory } from '@/tests/support/graph/samples'
import { manualClock } from '@/tests/support/heddle/manual-clock'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import type { Upstreams } from '../upstreams'
import { accessOf, hiddenIn, withLeftOut } from './access'

const namespaces = (...names: string[]) =>
  names.map((name) => ({ cluster: 'east', name, labels: {}, annotations: {} }))

it('looks at the namespaces of a cluster once for an answer, and again when they have changed', () => {
  let looked = 0
  const counted = (parts: Partial<ClusterInventory>): ClusterInventory => {
    const { namespaces: all, ...rest } = inventory(parts)
    return Object.defineProperty({ ...rest, namespaces: [] }, 'namespaces', {
      get: () => {
        looked += 1
        return all
      },
    })
  }
  let current = counted({ namespaces: namespaces('shop', 'secret') })
  const up = {
    inventories: [{ cluster: 'east', current: () => ({ inventory: current, ready: true, error: null }) }],
  } as unknown as Parameters<typeof hiddenIn>[0]
  const access = { namespaces: new Set(['east/shop']) }
  const hiddenOf = (names: string[]) => names.filter(hiddenIn(up, access, 'east'))
  for (let row = 0; row < 1_000; row += 1) expect(hiddenOf(['shop', 'secret', 'later'])).toEqual(['secret'])
  expect(looked).toBe(1)
  current = counted({ namespaces: namespaces('shop', 'secret', 'later') })
  expect(hiddenOf(['shop', 'secret', 'later'])).toEqual(['secret', 'later'])
  expect(['secret'].filter(hiddenIn(up, { namespaces: new Set(['east/secret']) }, 'east'))).toEqual([])
})

/** A cluster of which a user sees `seen`; `answer` says of each review what the API server does. */
function cluster(
  name: string,
  seen: readonly string[],
  answer: () => Promise<void> = () => Promise.resolve(),
) {
  const may = [...seen]
  const state = { isRead: true, answer, asked: 0 }
  const write = async (_path: string, { body }: { body: unknown }) => {
    state.asked += 1
    await state.answer()
    const { spec } = body as { spec: { resourceAttributes: { namespace?: string } } }
    const allowed = may.includes(spec.resourceAttributes.namespace ?? '')
    return { body: { status: { allowed } }, warnings: [] }
  }
  const read = inventory({ namespaces: namespaces('shop', 'secret') })
  const source = {
    cluster: name,
    client: { server: `https://${name}`, as: () => ({ write }) },
    current: () => ({ inventory: state.isRead ? read : null, error: null }),
  }
  return { state, source, seen: may }
}

/** What a cluster is asked from now on is answered when these are called. */
function held({ state }: ReturnType<typeof cluster>): (() => void)[] {
  const waiting: (() => void)[] = []
  let isHeld = true
  state.answer = () => {
    if (!isHeld) return Promise.resolve()
    return new Promise((resolve) =>
      waiting.push(() => {
        isHeld = false
        resolve()
      }),
    )
  }
  return waiting
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

/** The answer of who waits the three seconds. */
async function waited<T>(clock: ReturnType<typeof manualClock>, asked: Promise<T>): Promise<T> {
  await settled()
  clock.advance(3_000)
  return asked
}

function upOf(...clusters: ReturnType<typeof cluster>[]) {
  const clock = manualClock(0)
  const up = { clock, inventories: clusters.map(({ source }) => source) } as unknown as Upstreams
  const session = { user: 'jane', credentials: { token: 't' }, expiresAt: null }
  const notices = async () => withLeftOut(await accessOf(up, session), []).map(({ message }) => message)
  return { clock, notices, seen: async () => [...((await accessOf(up, session)).namespaces ?? [])].sort() }
}

const isAway = () =>
  Promise.reject(new UpstreamError('kubernetes', 'network', 'nothing listens at https://west'))

describe('accessOf', () => {
  it('shows the other clusters while the API server of one is away, and that one as it was last known', async () => {
    const west = cluster('west', ['shop'], isAway)
    const { clock, seen, notices } = upOf(cluster('east', ['shop']), west)
    expect(await seen()).toEqual(['east/shop'])
    expect(await notices()).toEqual([
      'Nothing listens at https://west. Nothing of cluster west is shown meanwhile.',
    ])
    west.state.answer = () => Promise.resolve()
    clock.advance(30_000)
    expect(await seen()).toEqual(['east/shop', 'west/shop'])
    expect(await notices()).toEqual([])
    west.state.answer = isAway
    clock.advance(30_000)
    expect(await seen()).toEqual(['east/shop', 'west/shop'])
    clock.advance(600_000)
    expect(await seen()).toEqual(['east/shop'])
  })

  it('waits three seconds for a cluster that does not answer, when there are others', async () => {
    const { clock, seen } = upOf(
      cluster('east', ['shop']),
      cluster('west', ['shop'], () => new Promise(() => {})),
    )
    const asked = seen()
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(3_000)
    expect(await asked).toEqual(['east/shop'])
  })

  it('counts an answer that comes when nobody waits for it any more', async () => {
    const west = cluster('west', ['shop'])
    const { clock, seen, notices } = upOf(cluster('east', ['shop']), west)
    const late = held(west)
    expect(await waited(clock, seen())).toEqual(['east/shop'])
    expect(await notices()).toEqual([
      'https://west did not answer within 3 s. Nothing of cluster west is shown meanwhile.',
    ])
    late.forEach((go) => go())
    await settled()
    const { asked } = west.state
    expect(await seen()).toEqual(['east/shop', 'west/shop'])
    expect(await notices()).toEqual([])
    expect(west.state.asked).toBe(asked)
    // it is as old as its question
    clock.advance(27_000)
    await seen()
    expect(west.state.asked).toBeGreaterThan(asked)
  })

  it('takes no late answer for news when a later question was answered before it', async () => {
    const west = cluster('west', ['shop'])
    const { clock, seen } = upOf(cluster('east', ['shop']), west)
    const late = held(west)
    await waited(clock, seen())
    west.seen.length = 0
    west.state.answer = () => Promise.resolve()
    clock.advance(30_000)
    expect(await seen()).toEqual(['east/shop'])
    west.seen.push('shop')
    late.forEach((go) => go())
    await settled()
    expect(await seen()).toEqual(['east/shop'])
  })

  it('waits as long as it takes for the only cluster, unless it is known what was seen last', async () => {
    const east = cluster('east', ['shop'])
    const { clock, seen } = upOf(east)
    const slow = held(east)
    let isAnswered = false
    const asked = seen().finally(() => {
      isAnswered = true
    })
    await settled()
    clock.advance(10_000)
    await settled()
    expect(isAnswered).toBe(false)
    east.state.answer = () => Promise.resolve()
    slow.forEach((go) => go())
    expect(await asked).toEqual(['east/shop'])
    held(east)
    clock.advance(30_000)
    expect(await waited(clock, seen())).toEqual(['east/shop'])
  })

  it.each([
    ['forbidden', new UpstreamError('kubernetes', 'http', 'may not impersonate', { status: 403 })],
    ['no API server', new UpstreamError('kubernetes', 'decode', 'no JSON')],
  ])('leaves out a cluster whose answer is of no use (%s), and no other', async (_, error) => {
    const west = cluster('west', ['shop'])
    const { clock, seen, notices } = upOf(cluster('east', ['shop']), west)
    expect(await seen()).toEqual(['east/shop', 'west/shop'])
    // what it said last is no answer to what it refuses now
    west.state.answer = () => Promise.reject(error)
    clock.advance(30_000)
    expect(await seen()).toEqual(['east/shop'])
    expect(await notices()).toMatchObject([expect.stringContaining('Nothing of cluster west is shown')])
    await expect(upOf(west).seen()).rejects.toBe(error)
    await expect(upOf(west, cluster('north', [], isAway)).seen()).rejects.toBe(error)
  })

  it('throws that the token is not accepted any more, whatever other clusters say', async () => {
    const west = cluster('west', ['shop'])
    const { seen } = upOf(cluster('east', ['shop']), west)
    west.state.answer = () => (west.state.asked === 1 ? Promise.resolve() : Promise.reject(refused))
    const refused = new UpstreamError('kubernetes', 'http', 'unauthorized', { status: 401 })
    await expect(seen()).rejects.toBe(refused)
  })

  it('shows what was seen last where the API server has too many requests', async () => {
    const east = cluster('east', ['shop'])
    const { clock, seen } = upOf(east)
    await seen()
    east.state.answer = () =>
      Promise.reject(new UpstreamError('kubernetes', 'http', 'too many requests', { status: 429 }))
    clock.advance(30_000)
    expect(await seen()).toEqual(['east/shop'])
  })

  it('does not take namespaces that are just being read for hidden ones, and looks again in a second', async () => {
    const east = cluster('east', ['shop'])
    east.state.isRead = false
    const { clock, seen } = upOf(east)
    await expect(seen()).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'What you may see is not known yet. The objects of cluster east are just being read.',
    })
    // read while the API server was being asked
    east.state.answer = () => {
      east.state.isRead = true
      return Promise.resolve()
    }
    await expect(seen()).rejects.toMatchObject({ kind: 'unavailable' })
    clock.advance(1_000)
    expect(await seen()).toEqual(['east/shop'])
  })

  it('does not take all of a cluster that is just being read for none of it, beside one that is away', async () => {
    const east = cluster('east', ['', 'shop'])
    east.state.isRead = false
    const north = cluster('north', ['shop'])
    const { clock, seen, notices } = upOf(north, east, cluster('west', [], isAway))
    expect(await seen()).toEqual(['north/shop'])
    expect(await notices()).toEqual([
      'What you may see is not known yet. The objects of cluster east are just being read. Nothing of cluster east is shown meanwhile.',
      'Nothing listens at https://west. Nothing of cluster west is shown meanwhile.',
    ])
    const { asked } = north.state
    east.state.isRead = true
    clock.advance(1_000)
    expect(await seen()).toEqual(['east/secret', 'east/shop', 'north/shop'])
    // what is known of the others is not asked again for it, nor remembered for longer
    expect(north.state.asked).toBe(asked)
    clock.advance(29_000)
    await seen()
    expect(north.state.asked).toBe(2 * asked)
  })

  it('throws what is wrong where no cluster says what may be seen', async () => {
    await expect(upOf(cluster('west', [], isAway)).seen()).rejects.toThrow('nothing listens')
  })
})
