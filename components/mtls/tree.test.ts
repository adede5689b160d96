import { describe, expect, it } from 'vitest'
import type { MtlsNamespace, MtlsRow, MtlsState } from '@/lib/api/schemas/config/mtls'
import { parseMtlsView, withMtlsView, type MtlsView } from './mtls-view'
import { countStates, openNamespaces, treeRows } from './tree'
import { callersInShort, placeOfId } from './words'

const NONE = { broken: 0, plaintext: 0, open: 0, permissive: 0, strict: 0 }

function summary(id: string, states: Partial<Record<MtlsState, number>>, plainRate = 0): MtlsNamespace {
  const [cluster = '', namespace = null] = id.split('/')
  const counts = { ...NONE, ...states }
  return {
    id,
    cluster,
    namespace,
    isRoot: false,
    configured: { mode: 'PERMISSIVE', source: null },
    reason: '',
    state: (Object.keys(NONE) as MtlsState[]).find((state) => counts[state] > 0) ?? null,
    states: counts,
    dataPlanes: { sidecar: 1, ambient: 0, none: 0 },
    workloads: namespace === null ? [] : [`${namespace}-api`, 'db'],
    observed: {
      mtlsRatio: 1,
      plaintextCallers: [],
      plaintextCount: 0,
      plaintextRequestsPerSecond: plainRate === 0 ? null : plainRate,
    },
    path: null,
  }
}

function row(id: string, state: MtlsState): MtlsRow {
  const { cluster = '', namespace = null, workload = null, port = null } = placeOfId(id) ?? {}
  return {
    id,
    cluster,
    namespace,
    workload,
    port,
    dataPlane: 'sidecar',
    configured: { mode: 'PERMISSIVE', source: null },
    effective: { mode: 'PERMISSIVE', reason: '' },
    state,
    clients: [],
    podsWithoutProxy: [],
    observed: { mtlsRatio: 1, plaintextCallers: [] },
  }
}

const SUMMARIES = [
  summary('east', { strict: 4, plaintext: 2 }),
  summary('east/calm', { strict: 2 }),
  summary('east/busy', { plaintext: 1, strict: 1 }, 9),
  summary('east/quiet', { plaintext: 1 }, 1),
]
const INSIDE = new Map([
  [
    'east/busy',
    {
      items: [
        row('east/busy/busy-api', 'strict'),
        row('east/busy/busy-api:8080', 'strict'),
        row('east/busy/busy-api:9090', 'plaintext'),
        row('east/busy/db', 'permissive'),
      ],
    },
  ],
])
const view = (text: string): MtlsView => parseMtlsView(new URLSearchParams(text))
const ids = (text: string) => treeRows(SUMMARIES, INSIDE, view(text)).map(({ id }) => id)

describe('treeRows', () => {
  it('has the mesh first, then the worst with the most plain text', () => {
    expect(ids('')).toEqual(['east', 'east/busy', 'east/quiet', 'east/calm'])
    expect(ids('order=name')).toEqual(['east', 'east/busy', 'east/calm', 'east/quiet'])
  })

  it('unfolds namespaces and workloads, a workload as bad as its worst port', () => {
    expect(ids('open=east/busy,east/busy/busy-api').slice(0, 6)).toEqual([
      'east',
      'east/busy',
      'east/busy/busy-api',
      'east/busy/busy-api:8080',
      'east/busy/busy-api:9090',
      'east/busy/db',
    ])
    const [, , api] = treeRows(SUMMARIES, INSIDE, view('open=east/busy'))
    expect(api).toMatchObject({ kind: 'workload', state: 'plaintext', canOpen: true, isOpen: false })
  })

  it('holds a place for rows that are still to come, or failed', () => {
    expect(ids('open=east/calm')).toContain('east/calm/…')
    const failed = treeRows(SUMMARIES, new Map([['east/calm', { error: 'gone' }]]), view('open=east/calm'))
    expect(failed.find(({ kind }) => kind === 'pending')).toMatchObject({ error: 'gone' })
  })

  it('finds namespaces by name, and by the names inside, which unfolds them', () => {
    expect(ids('filter=calm')).toEqual(['east/calm'])
    expect(ids('filter=busy-api')).toEqual(['east/busy', 'east/busy/busy-api'])
    expect(ids('filter=nowhere')).toEqual([])
  })

  it('shows of a state only what is in it', () => {
    expect(ids('states=plaintext&open=east/busy')).toEqual(['east/busy', 'east/busy/busy-api', 'east/quiet'])
    expect(openNamespaces(SUMMARIES, view('states=strict&open=east/busy,east/quiet'))).toEqual(['east/busy'])
  })

  it('counts workloads by state, the mesh not again', () => {
    expect(countStates(SUMMARIES, '')).toEqual({ ...NONE, plaintext: 2, strict: 3 })
  })
})

describe('the address', () => {
  it('says everything that is not the default, and reads it again', () => {
    const text =
      'filter=pay&states=broken,plaintext&order=name&open=east/a,east/b&selected=east/a&mode=STRICT&over=7d'
    const read = view(text)
    expect(withMtlsView(new URLSearchParams('window=5m'), read).toString()).toBe(
      `window=5m&${new URLSearchParams(text).toString()}`,
    )
    expect(withMtlsView(new URLSearchParams(text), view('')).toString()).toBe('')
    expect(view('states=x&order=x&mode=x&over=1m')).toEqual(view(''))
  })
})

describe('words', () => {
  it.each([
    ['east', ['east', null, null, null]],
    ['east/pay', ['east', 'pay', null, null]],
    ['east/pay/api', ['east', 'pay', 'api', null]],
    ['east/pay/api:8080', ['east', 'pay', 'api', 8080]],
  ])('%s is a place', (id, want) => {
    expect(Object.values(placeOfId(id) ?? {})).toEqual(want)
  })

  it('name the first caller', () => {
    const caller = (workload: string | null) => ({
      cluster: null,
      namespace: workload && 'legacy',
      workload,
      protocol: 'http' as const,
      requestsPerSecond: 1,
      connectionsPerSecond: null,
    })
    expect(callersInShort([])).toBe('')
    expect(callersInShort([caller('batch')])).toBe('legacy/batch')
    expect(callersInShort([caller(null), caller('batch')])).toBe('caller without a proxy +1')
  })
})
