/** What an alert is about and how bad it is, read from its labels. Pure. */
import { nodeId, UNKNOWN, type NodeKind } from '@/lib/mesh/identity'

type Labels = Readonly<Record<string, string>>

export interface AlertPlace {
  cluster: string
  namespace: string
}

export interface AlertTarget extends AlertPlace {
  kind: Extract<NodeKind, 'workload' | 'app' | 'service'>
  name: string
}

/**
 * The most telling first: labels of Istio's metrics name who was called, then who called; those of Kubernetes'
 * metrics name an object. `namespace` alone is where a thing was scraped; where Prometheus sets that label itself, the
 * one a metric brought along is `exported_namespace`, and so with `service`.
 * https://istio.io/latest/docs/reference/config/metrics/ and https://github.com/kubernetes/kube-state-metrics
 */
const NAMES: readonly {
  kind: AlertTarget['kind']
  name: string
  namespaces: readonly string[]
  cluster: string
  /** a label beside which the name is somebody else's */
  unless?: string
}[] = [
  {
    kind: 'workload',
    name: 'destination_workload',
    namespaces: ['destination_workload_namespace', 'namespace'],
    cluster: 'destination_cluster',
  },
  {
    kind: 'service',
    name: 'destination_service_name',
    namespaces: ['destination_service_namespace', 'namespace'],
    cluster: 'destination_cluster',
  },
  {
    kind: 'app',
    name: 'destination_canonical_service',
    namespaces: ['destination_workload_namespace', 'destination_service_namespace', 'namespace'],
    cluster: 'destination_cluster',
  },
  {
    kind: 'workload',
    name: 'source_workload',
    namespaces: ['source_workload_namespace', 'namespace'],
    cluster: 'source_cluster',
  },
  ...['workload', 'deployment', 'statefulset', 'daemonset'].map((name) => ({
    kind: 'workload' as const,
    name,
    namespaces: ['exported_namespace', 'namespace'],
    cluster: 'cluster',
  })),
  {
    kind: 'service',
    name: 'exported_service',
    namespaces: ['exported_namespace', 'namespace'],
    cluster: 'cluster',
  },
  // beside an exported namespace it is the scraped one, which only tells of others
  {
    kind: 'service',
    name: 'service',
    namespaces: ['namespace'],
    cluster: 'cluster',
    unless: 'exported_namespace',
  },
]

const PLACES: readonly { namespace: string; cluster: string }[] = [
  { namespace: 'destination_workload_namespace', cluster: 'destination_cluster' },
  { namespace: 'destination_service_namespace', cluster: 'destination_cluster' },
  { namespace: 'source_workload_namespace', cluster: 'source_cluster' },
  { namespace: 'exported_namespace', cluster: 'cluster' },
  { namespace: 'namespace', cluster: 'cluster' },
]

/** Everything of the mesh an alert's labels name, each once; the first is what it is about. */
export function targetsOf(labels: Labels, defaultCluster: string): AlertTarget[] {
  const found = new Map<string, AlertTarget>()
  for (const { kind, name, namespaces, cluster, unless } of NAMES) {
    if (unless !== undefined && known(labels[unless]) !== null) continue
    const named = known(labels[name])
    const namespace = namespaces.map((label) => known(labels[label])).find((value) => value !== null)
    if (named === null || namespace === undefined || namespace === null) continue
    const target = { kind, name: named, namespace, cluster: clusterOf(labels, cluster, defaultCluster) }
    const id = nodeId(target)
    if (!found.has(id)) found.set(id, target)
  }
  return [...found.values()]
}

/** The namespace an alert belongs to; null: its labels name none. */
export function placeOf(labels: Labels, defaultCluster: string): AlertPlace | null {
  for (const { namespace, cluster } of PLACES) {
    const named = known(labels[namespace])
    if (named !== null) return { namespace: named, cluster: clusterOf(labels, cluster, defaultCluster) }
  }
  return null
}

function clusterOf(labels: Labels, label: string, defaultCluster: string): string {
  return known(labels[label]) ?? known(labels.cluster) ?? defaultCluster
}

function known(value: string | undefined): string | null {
  return value === undefined || value === '' || value === UNKNOWN ? null : value
}

const SEVERITIES = ['critical', 'page', 'error', 'high', 'warning', 'medium', 'info', 'low', 'none']

interface Rankable {
  id: string
  state: 'firing' | 'pending'
  severity: string | null
  since: number | null
  silenced: boolean | null
}

/** Firing before pending, what somebody silenced last of its state, critical first, then the longest. */
export function compareAlerts(a: Rankable, b: Rankable): number {
  return (
    Number(a.state === 'pending') - Number(b.state === 'pending') ||
    Number(a.silenced ?? false) - Number(b.silenced ?? false) ||
    rank(a.severity) - rank(b.severity) ||
    (a.since ?? Infinity) - (b.since ?? Infinity) ||
    (a.id < b.id ? -1 : 1)
  )
}

/** Severities are words of those who wrote the rules: unknown ones stand between warning and info. */
function rank(severity: string | null): number {
  const known = severity === null ? -1 : SEVERITIES.indexOf(severity.toLowerCase())
  return known === -1 ? SEVERITIES.indexOf('medium') : known
}

/** The sentence an alert brings along; annotations have no fixed names, these are the usual ones. */
export function summaryOf(annotations: Labels): string | null {
  return annotations.summary || annotations.message || annotations.description || null
}

/** One text for one set of labels, whatever their order. */
export function alertId(rule: string, labels: Labels): string {
  const pairs = Object.entries(labels)
    .filter(([name]) => name !== 'alertname')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
  return `${rule}{${pairs.join(',')}}`
}
