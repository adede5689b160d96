/** Series that are there more than once: replicas of Prometheus read side by side, or a proxy scraped by two jobs. */
import type { Sample } from '../decode'
import { is, selector, type Matcher } from '../promql'
import { REQUEST_LABELS } from './labels'

type Labels = Sample['labels']

const METRICS = ['istio_requests_total', 'istio_tcp_connections_opened_total']
/** A few tell of all: who scrapes twice does so by rule. */
const LOOKED_AT = 3
/** What was there so long ago is not the series of a Prometheus that has just been replaced. */
const LOOKBACK = '5m'

/** Labels a Prometheus, or what stores for it, puts on all it sends. */
const OF_PROMETHEUS = /replica|prometheus|^monitor$/
/** How a pod was found and reached: of a pod that is named, none of them makes another counter. */
const OF_SCRAPING = new Set([
  'job',
  'instance',
  'endpoint',
  'service',
  'container',
  'container_name',
  'port',
  'metrics_path',
])
const POD = ['pod', 'pod_name', 'kubernetes_pod_name']
/** Those a series has of these tell one counter of a proxy from its others. */
const COUNTER = [...REQUEST_LABELS, ...POD, 'namespace']

/** Labels that alone tell one series from others of the same counter, and how many there are. */
export interface Doubled {
  labels: string[]
  times: number
}

/** The counters that have counted most. Finding them reads one sample of each series. */
export function busiestQuery(scope: readonly Matcher[] = []): string {
  return METRICS.map((metric) => `topk(${LOOKED_AT}, ${selector(metric, scope)})`).join(' or ')
}

/** Everything that may be the same counter as one of these; null: there are none. */
export function likesQuery(busiest: readonly Sample[], scope: readonly Matcher[] = []): string | null {
  const alike = busiest.flatMap(({ labels }) => {
    const name = METRICS.find((metric) => metric === labels.__name__)
    if (name === undefined) return []
    const told = podOf(labels) === null ? [...COUNTER, 'instance'] : COUNTER
    const matchers = told.flatMap((label) => (labels[label] ? [is(label, labels[label])] : []))
    const series = selector(name, [...scope, ...matchers])
    return `(${series} and ${series} offset ${LOOKBACK})`
  })
  return alike.length === 0 ? null : [...new Set(alike)].join(' or ')
}

/** The counter of these that is there most often; null where each is there once. */
export function findDoubled(busiest: readonly Sample[], likes: readonly Sample[]): Doubled | null {
  let most: Doubled | null = null
  for (const { labels: own } of busiest) {
    if (!likes.some(({ labels }) => isSame(own, labels))) continue
    const apart = likes.flatMap(({ labels }) => {
      const names = tellingApart(own, labels)
      return names === null ? [] : [names]
    })
    if (apart.length + 1 <= (most?.times ?? 1)) continue
    most = { labels: [...new Set(apart.flat())].sort(), times: apart.length + 1 }
  }
  return most
}

/** Labels by which two series of one counter differ; null where they are one series, or count something else each. */
function tellingApart(a: Labels, b: Labels): string[] | null {
  const differing = Object.keys(a).filter((label) => b[label] !== undefined && a[label] !== b[label])
  const hasPod = podOf(a) !== null && podOf(a) === podOf(b)
  const isOfCollection = (label: string) => OF_PROMETHEUS.test(label) || (hasPod && OF_SCRAPING.has(label))
  return differing.length > 0 && differing.every(isOfCollection) ? differing : null
}

function podOf(labels: Labels): string | null {
  return POD.map((label) => labels[label]).find(Boolean) ?? null
}

function isSame(a: Labels, b: Labels): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}
