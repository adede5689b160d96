import { afterEach, describe, expect, it } from 'vitest'
import { createLimiter } from '@/lib/http/limiter'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { present } from '@/tests/support/present'
import type { KubernetesClient, ReadOptions, StreamOptions } from '../client'
import { createReflector } from './reflector'
import type { Reflector, ReflectorOptions } from './reflector'

interface Thing {
  name: string
  value: unknown
}

const item = (name: string, resourceVersion: string, value: unknown = 0) => ({
  metadata: { name, namespace: 'n', resourceVersion },
  value,
})
const list = (resourceVersion: string, items: unknown[], next?: string) => ({
  metadata: { resourceVersion, continue: next },
  items,
})
const http = (status: number) => new UpstreamError('kubernetes', 'http', `status ${status}`, { status })

/** A watch the test speaks into. */
interface OpenWatch {
  query: NonNullable<StreamOptions['query']>
  send(type: string, object: unknown): void
  end(): void
  fail(error: unknown): void
}

/** An API server driven by the test: answers of lists in turn, watches that stay open until told. */
function setUp(answers: (unknown | Error)[], options: Partial<ReflectorOptions<Thing>> = {}) {
  const lists: ReadOptions['query'][] = []
  const watches: OpenWatch[] = []
  const delays: number[] = []
  let clock = 1_000
  const waiters: { met: () => boolean; resolve: () => void }[] = []
  const check = () => {
    for (const waiter of [...waiters]) {
      if (!waiter.met()) continue
      waiters.splice(waiters.indexOf(waiter), 1)
      waiter.resolve()
    }
  }
  /** resolves when the condition holds; looked at after everything that happens */
  const until = (met: () => boolean) =>
    new Promise<void>((resolve) => {
      waiters.push({ met, resolve })
      check()
    })

  const client: Pick<KubernetesClient, 'read' | 'stream'> = {
    read: (_path, request = {}) => {
      lists.push(request.query)
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    },
    stream: (_path, request) =>
      new Promise((resolve, reject) => {
        watches.push({
          query: request.query ?? {},
          send(type, object) {
            try {
              request.onLine(JSON.stringify({ type, object }))
            } catch (error) {
              reject(error as Error)
            }
            check()
          },
          end: resolve,
          fail: reject,
        })
        request.signal.addEventListener('abort', () => reject(request.signal.reason as Error))
        request.onOpen?.()
        check()
      }),
  }
  const changes: string[] = []
  const reflector: Reflector<Thing> = createReflector<Thing>({
    client,
    path: '/api/v1/things',
    decode: (object) => {
      const { metadata, value } = object as ReturnType<typeof item>
      return value === 'broken' ? undefined : value === 'other' ? null : { name: metadata.name, value }
    },
    lists: createLimiter(4),
    now: () => clock,
    random: () => 1,
    delay: (ms, signal) => {
      delays.push(ms)
      check()
      return signal?.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve()
    },
    onChange: (what) => {
      changes.push(what)
      queueMicrotask(check)
    },
    ...options,
  })
  stops.push(() => reflector.stop())
  const names = () => [...reflector.values()].map((thing) => `${thing.name}=${String(thing.value)}`)
  return { reflector, lists, watches, delays, changes, until, names, tick: (ms: number) => (clock += ms) }
}

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

describe('createReflector', () => {
  it('lists in pages, then watches from where the list was', async () => {
    const { lists, watches, until, names, reflector } = setUp([
      list('10', [item('a', '1')], 'more'),
      list('10', [item('b', '2')]),
    ])
    await until(() => watches.length === 1)
    expect(lists).toMatchObject([
      { limit: 500, continue: undefined },
      { limit: 500, continue: 'more' },
    ])
    expect(present(watches[0]).query).toMatchObject({
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: '10',
    })
    expect(names()).toEqual(['a=0', 'b=0'])
    expect(reflector).toMatchObject({ state: 'watching', hasSynced: true, lastHeardAt: 1_000, error: null })
  })

  it('follows what is added, changed and deleted', async () => {
    const { watches, until, names } = setUp([list('10', [item('a', '1')])])
    await until(() => watches.length === 1)
    present(watches[0]).send('ADDED', item('b', '11'))
    present(watches[0]).send('MODIFIED', item('a', '12', 5))
    expect(names()).toEqual(['a=5', 'b=0'])
    present(watches[0]).send('DELETED', item('a', '13', 5))
    expect(names()).toEqual(['b=0'])
  })

  it('goes on after the regular end from the last version heard, a bookmark included, without a new list', async () => {
    const { watches, until, lists, delays } = setUp([list('10', [])])
    await until(() => watches.length === 1)
    present(watches[0]).send('BOOKMARK', { metadata: { resourceVersion: '42' } })
    present(watches[0]).end()
    await until(() => watches.length === 2)
    expect(present(watches[1]).query).toMatchObject({ resourceVersion: '42' })
    expect(lists).toHaveLength(1)
    expect(delays).toEqual([])
  })

  it.each([
    ['as the answer of the watch', (watch: OpenWatch) => watch.fail(http(410))],
    ['as an event', (watch: OpenWatch) => watch.send('ERROR', { code: 410, message: 'too old' })],
  ])('lists anew after 410 %s, at once, and drops what is gone', async (_how, expire) => {
    const { watches, until, names, delays, lists } = setUp([
      list('10', [item('a', '1'), item('b', '2')]),
      list('90', [item('b', '2'), item('c', '80')]),
    ])
    await until(() => watches.length === 1)
    expire(present(watches[0]))
    await until(() => watches.length === 2)
    expect(names()).toEqual(['b=0', 'c=0'])
    expect(present(watches[1]).query).toMatchObject({ resourceVersion: '90' })
    expect(lists).toHaveLength(2)
    expect(delays).toEqual([])
  })

  it.each([
    ['410 as the answer', (watch: OpenWatch) => watch.fail(http(410))],
    ['410 as an event', (watch: OpenWatch) => watch.send('ERROR', { code: 410, message: 'too old' })],
    [
      'a bookmark and the end',
      (watch: OpenWatch) => {
        watch.send('BOOKMARK', { metadata: { resourceVersion: '11' } })
        watch.end()
      },
    ],
  ])('does not hammer a server that answers every watch with %s', async (_how, end) => {
    const { watches, until, delays } = setUp([list('10', [])])
    for (let n = 1; n <= 5; n += 1) {
      await until(() => watches.length === n)
      end(present(watches[n - 1]))
    }
    await until(() => watches.length === 6)
    expect(delays).toEqual([250, 500, 1_000, 2_000])
  })

  it('says that lists expire before their last page, and asks for the whole', async () => {
    const { lists, watches, until, reflector, changes, names } = setUp([
      list('10', [item('a', '1')], 'more'),
      http(410),
      http(410),
      list('20', [item('a', '1'), item('b', '2')]),
      list('30', [item('a', '1')]),
    ])
    await until(() => watches.length === 1)
    expect(lists.map((query) => query?.['limit'])).toEqual([500, 500, undefined, undefined])
    expect(changes.filter((what) => what === 'state')).toHaveLength(2)
    expect(names()).toEqual(['a=0', 'b=0'])
    expect(reflector.state).toBe('watching')
    present(watches[0]).fail(http(410))
    await until(() => watches.length === 2)
    expect(lists.at(-1)).toMatchObject({ limit: 500 })
  })

  it('waits but shortly when a watch breaks that stood, however often that was', async () => {
    const { watches, until, delays, tick } = setUp([list('10', [])])
    for (let n = 1; n <= 4; n += 1) {
      await until(() => watches.length === n)
      tick(60_000)
      present(watches[n - 1]).fail(new UpstreamError('kubernetes', 'network', 'broke'))
    }
    await until(() => watches.length === 5)
    expect(delays).toEqual([250, 250, 250, 250])
  })

  it('waits longer and longer when lists fail, says why, and recovers', async () => {
    const refused = new UpstreamError('kubernetes', 'network', 'connection refused')
    const { watches, until, delays, reflector, changes } = setUp([
      refused,
      http(503),
      refused,
      list('10', []),
    ])
    await until(() => delays.length === 1)
    expect(reflector).toMatchObject({
      state: 'retrying',
      hasAnswered: true,
      hasSynced: false,
      error: refused,
    })
    await until(() => watches.length === 1)
    expect(delays).toEqual([250, 500, 1_000])
    expect(reflector).toMatchObject({ state: 'watching', error: null })
    expect(changes).toContain('state')
  })

  it('keeps what it knows while the connection is down, and goes on from there', async () => {
    const { watches, until, names, lists, delays } = setUp([list('10', [item('a', '1')])])
    await until(() => watches.length === 1)
    present(watches[0]).send('ADDED', item('b', '11'))
    present(watches[0]).fail(new UpstreamError('kubernetes', 'network', 'broke'))
    await until(() => watches.length === 2)
    expect(names()).toEqual(['a=0', 'b=0'])
    expect(present(watches[1]).query).toMatchObject({ resourceVersion: '11' })
    expect(lists).toHaveLength(1)
    expect(delays).toEqual([250])
  })

  it('does not hammer a server that ends every watch at once', async () => {
    const { watches, until, delays, tick } = setUp([list('10', [])])
    for (let n = 1; n <= 3; n += 1) {
      await until(() => watches.length === n)
      present(watches[n - 1]).end()
    }
    await until(() => watches.length === 4)
    expect(delays).toEqual([250, 500, 1_000])
    tick(60_000)
    present(watches[3]).end()
    await until(() => watches.length === 5)
    expect(delays).toHaveLength(3)
  })

  it.each([
    [403, 'forbidden'],
    [404, 'absent'],
  ] as const)(
    'after %i it is %s, forgets what it knew and asks again soon, then after minutes',
    async (status, state) => {
      const states: string[] = []
      const { watches, until, names, delays, reflector } = setUp(
        [
          list('10', [item('a', '1'), item('b', '2', 'broken')]),
          ...Array.from({ length: 7 }, () => http(status)),
          list('20', []),
        ],
        {
          delay: (ms) => {
            states.push(`${reflector.state} ${[...reflector.values()].length} ${reflector.broken.size}`)
            delays.push(ms)
            return Promise.resolve()
          },
        },
      )
      await until(() => watches.length === 1)
      present(watches[0]).fail(http(410))
      await until(() => watches.length === 2)
      expect(states).toContain(`${state} 0 0`)
      expect(delays).toEqual([15_000, 30_000, 60_000, 120_000, 240_000, 450_000, 450_000])
      expect(names()).toEqual([])
      expect(reflector.state).toBe('watching')
    },
  )

  it('asks after minutes for what it never could read', async () => {
    const { watches, until, delays } = setUp([http(403), http(403), list('20', [])])
    await until(() => watches.length === 1)
    expect(delays).toEqual([450_000, 450_000])
  })

  it('drops an object it cannot read, names it, and takes it when it is mended', async () => {
    const { watches, until, names, reflector } = setUp([
      list('10', [item('a', '1', 'broken'), item('b', '2')]),
    ])
    await until(() => watches.length === 1)
    expect(names()).toEqual(['b=0'])
    expect([...reflector.broken]).toEqual(['n/a'])
    present(watches[0]).send('MODIFIED', item('a', '11', 1))
    expect(names()).toEqual(['b=0', 'a=1'])
    present(watches[0]).send('MODIFIED', item('b', '12', 'broken'))
    expect([...reflector.broken]).toEqual(['n/b'])
    present(watches[0]).send('DELETED', item('b', '13', 'broken'))
    expect([...reflector.broken]).toEqual([])
    expect(names()).toEqual(['a=1'])
  })

  it('leaves out what is none of ours without calling it broken', async () => {
    const { watches, until, names, reflector } = setUp([
      list('10', [item('a', '1', 'other'), item('b', '2')]),
    ])
    await until(() => watches.length === 1)
    expect(names()).toEqual(['b=0'])
    expect(reflector.broken.size).toBe(0)
  })

  it('does not call a write that decodes to the same a change', async () => {
    const { watches, until, reflector } = setUp([list('10', [item('a', '1', 5)])])
    await until(() => watches.length === 1)
    const { revision } = reflector
    const [before] = reflector.values()
    present(watches[0]).send('MODIFIED', item('a', '11', 5))
    expect(reflector.revision).toBe(revision)
    expect([...reflector.values()][0]).toBe(before)
    present(watches[0]).send('MODIFIED', item('a', '12', 6))
    expect(reflector.revision).toBe(revision + 1)
  })

  it('makes the connection anew after a line that is no event', async () => {
    const { watches, until, reflector } = setUp([list('10', [])])
    await until(() => watches.length === 1)
    present(watches[0]).send('ADDED', undefined as unknown)
    present(watches[0]).fail(new UpstreamError('kubernetes', 'decode', 'cut'))
    await until(() => watches.length === 2)
    expect(reflector.state).toBe('watching')
  })

  it('keeps no more than allowed, the newest', async () => {
    const { watches, until, names } = setUp([list('10', [item('a', '1'), item('b', '2'), item('c', '3')])], {
      maxObjects: 2,
    })
    await until(() => watches.length === 1)
    expect(names()).toEqual(['b=0', 'c=0'])
    present(watches[0]).send('ADDED', item('d', '11'))
    expect(names()).toEqual(['c=0', 'd=0'])
    present(watches[0]).send('MODIFIED', item('c', '12', 1))
    present(watches[0]).send('ADDED', item('e', '13'))
    expect(names()).toEqual(['c=1', 'e=0'])
  })

  it('cuts a list by time rather than by name', async () => {
    const pages = [
      list('10', [item('a', '1', 30), item('b', '2', 10)], 'more'),
      list('10', [item('c', '3', 20)]),
    ]
    const { watches, until, names } = setUp(pages, {
      maxObjects: 2,
      timeOf: (thing) => thing.value as number,
    })
    await until(() => watches.length === 1)
    expect(names()).toEqual(['c=20', 'a=30'])
  })

  it('ends watch and loop when stopped, and asks nothing more', async () => {
    const { watches, until, lists, reflector } = setUp([list('10', [])])
    await until(() => watches.length === 1)
    await reflector.stop()
    await reflector.stop()
    expect(lists).toHaveLength(1)
    expect(watches).toHaveLength(1)
  })

  it('ends while it waits between tries', async () => {
    let waiting: AbortSignal | undefined
    const { reflector, until } = setUp([http(503)], {
      delay: (_ms, signal) =>
        new Promise((_resolve, reject) => {
          waiting = signal
          signal?.addEventListener('abort', () => reject(signal.reason as Error))
        }),
    })
    await until(() => waiting !== undefined)
    await reflector.stop()
    expect(waiting?.aborted).toBe(true)
  })
})
