/** What the URL says a page shows. Pure: text in, choices out, and back; anything unknown reads as the default. */
import type { GraphType } from '@/lib/api/schemas/mesh/graph'
import type { WindowName, WindowText } from '@/lib/api/schemas/common'
import { parseInstant } from '@/lib/units/date'
import { parseSpan, windowText } from '@/lib/units/window'

// the names are repeated here, not imported: the schema file would bring its validator into the first load
export const VIEW_WINDOWS = [
  '1m',
  '2m',
  '5m',
  '10m',
  '30m',
  '1h',
  '3h',
  '6h',
  '12h',
  '1d',
  '7d',
] as const satisfies readonly WindowName[]
export const VIEW_GRAPH_TYPES = [
  'workload',
  'app',
  'versionedApp',
  'service',
] as const satisfies readonly GraphType[]

export const REFRESH_CHOICES = ['live', '10s', '30s', '1m', '5m', 'paused'] as const
export type RefreshChoice = (typeof REFRESH_CHOICES)[number]

export const EDGE_LABELS = [
  'rate',
  'errors',
  'p50',
  'p90',
  'p95',
  'p99',
  'throughput',
  'share',
  'mtls',
] as const
export type EdgeLabel = (typeof EDGE_LABELS)[number]
/** More than two figures on a line cannot be read while they change. */
export const MAX_EDGE_LABELS = 2

export const LAYOUTS = ['layered', 'force', 'grid', 'concentric'] as const
export type LayoutName = (typeof LAYOUTS)[number]

export const BOXINGS = ['namespace', 'app'] as const
export type Boxing = (typeof BOXINGS)[number]

/** What every page shares. */
export interface PageView {
  /** `name` or `cluster/name`; empty means all */
  namespaces: string[]
  /** names; empty means all */
  clusters: string[]
  /** one of VIEW_WINDOWS, or beside an instant any span */
  window: WindowText
  /** an instant in the past, epoch milliseconds; null follows the present */
  at: number | null
  refresh: RefreshChoice
}

/** What only the graph page adds. */
export interface GraphView {
  graphType: GraphType
  labels: EdgeLabel[]
  serviceNodes: boolean
  idle: boolean
  boxes: Boxing[]
  layout: LayoutName
  /** ids of boxes shown as one node */
  collapsed: string[]
  /** id of the selected node, edge or box */
  selected: string | null
  /** only this node and its neighbourhood */
  focus: string | null
  hops: number
  as: 'graph' | 'table'
  /** id of a trace laid over the graph */
  trace: string | null
}

export type View = PageView & GraphView

export const DEFAULT_VIEW: View = {
  namespaces: [],
  clusters: [],
  window: '2m',
  at: null,
  refresh: 'live',
  graphType: 'workload',
  labels: ['rate', 'p99'],
  serviceNodes: false,
  idle: false,
  boxes: ['namespace', 'app'],
  layout: 'layered',
  collapsed: [],
  selected: null,
  focus: null,
  hops: 1,
  as: 'graph',
  trace: null,
}

/** The view a query string asks for. */
export function parseView(params: URLSearchParams): View {
  const d = DEFAULT_VIEW
  const at = instantOf(params.get('at'))
  return {
    namespaces: listOf(params.get('namespaces')) ?? d.namespaces,
    clusters: listOf(params.get('clusters')) ?? d.clusters,
    window: windowOf(params.get('window'), at) ?? d.window,
    at,
    refresh: oneOf(REFRESH_CHOICES, params.get('refresh')) ?? d.refresh,
    graphType: oneOf(VIEW_GRAPH_TYPES, params.get('graphType')) ?? d.graphType,
    labels: someOf(EDGE_LABELS, params.get('labels'))?.slice(0, MAX_EDGE_LABELS) ?? d.labels,
    serviceNodes: flagOf(params.get('serviceNodes')) ?? d.serviceNodes,
    idle: flagOf(params.get('idle')) ?? d.idle,
    boxes: someOf(BOXINGS, params.get('boxes')) ?? d.boxes,
    layout: oneOf(LAYOUTS, params.get('layout')) ?? d.layout,
    collapsed: listOf(params.get('collapsed')) ?? d.collapsed,
    selected: params.get('selected') || null,
    focus: params.get('focus') || null,
    hops: hopsOf(params.get('hops')) ?? d.hops,
    as: oneOf(['graph', 'table'] as const, params.get('as')) ?? d.as,
    trace: traceIdOf(params.get('trace')),
  }
}

/** The query string after a change: defaults are left out, keys of others stay. */
export function withView(params: URLSearchParams, patch: Partial<View>): URLSearchParams {
  const next = new URLSearchParams(params)
  for (const [key, value] of Object.entries(patch)) {
    // links carry instants in epoch seconds, as the API takes them
    const text = key === 'at' && typeof value === 'number' ? String(value / 1000) : textOf(value)
    if (text === textOf(DEFAULT_VIEW[key as keyof View])) next.delete(key)
    else next.set(key, text)
  }
  // of the present only some lengths are measured
  const window = next.get('window')
  if (window !== null && windowOf(window, instantOf(next.get('at'))) === undefined) next.delete('window')
  return next
}

function windowOf(text: string | null, at: number | null): WindowText | undefined {
  const named = oneOf(VIEW_WINDOWS, text)
  if (named !== undefined || text === null || at === null) return named
  const seconds = parseSpan(text)
  return seconds === undefined ? undefined : windowText(seconds)
}

/** Milliseconds between two polls, or null where nothing is polled. */
export function refreshMs(choice: RefreshChoice): number | null {
  switch (choice) {
    case 'live':
    case 'paused':
      return null
    case '10s':
      return 10_000
    case '30s':
      return 30_000
    case '1m':
      return 60_000
    case '5m':
      return 300_000
  }
}

function textOf(value: View[keyof View]): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(escapeItem).join(',')
  return String(value)
}

// namespaces and ids may hold a comma only in theory, yet a link must never change its meaning
function escapeItem(item: string): string {
  return item.replace(/[%,]/g, encodeURIComponent)
}

/** `-` is the empty list, so that "none" differs from "not said". */
function listOf(text: string | null): string[] | undefined {
  if (text === null || text === '') return undefined
  if (text === '-') return []
  return text
    .split(',')
    .filter((item) => item !== '')
    .map(plainItem)
}

function plainItem(item: string): string {
  try {
    return decodeURIComponent(item)
  } catch {
    return item
  }
}

function oneOf<T extends string>(choices: readonly T[], text: string | null): T | undefined {
  return choices.find((choice) => choice === text)
}

function someOf<T extends string>(choices: readonly T[], text: string | null): T[] | undefined {
  const asked = listOf(text)
  if (!asked) return undefined
  const known = asked.map((item) => oneOf(choices, item)).filter((item) => item !== undefined)
  return known.length === 0 && asked.length > 0 ? undefined : [...new Set(known)]
}

function flagOf(text: string | null): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined
}

function traceIdOf(text: string | null): string | null {
  return text !== null && /^[0-9a-f]{1,32}$/i.test(text) ? text : null
}

function instantOf(text: string | null): number | null {
  return (text ? parseInstant(text) : undefined) ?? null
}

function hopsOf(text: string | null): number | undefined {
  const hops = Number(text)
  return text && Number.isInteger(hops) && hops >= 1 && hops <= 5 ? hops : undefined
}
