import { alertColumn } from '@/components/lists/columns/said-columns'
import { Figure } from '@/components/ui/Figure'
import type { Column } from '@/components/ui/table/DataTable'
import { HealthIcon } from '@/components/ui/health/Health'
import plain from '@/components/ui/Plain.module.css'
import type { AlertMark } from '@/lib/alerts/marks'
import type { GraphEdge, GraphNode } from '@/lib/api/schemas/mesh/graph'
import { formatBytesPerSecond } from '@/lib/units/bytes'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import { kindWords } from '../scene/describe'
import { alertMarkOf } from '../scene/scene'
import { clustersOf, spokenName } from '../scene/summary'
import { nodeFigures, severity } from '../scene/traffic'

type Choose = (id: string) => void

const NO_ALERTS: AlertMark = { firing: 0, pending: 0 }

const CLUSTER: Column<GraphNode> = {
  id: 'cluster',
  name: 'Cluster',
  width: 'minmax(60px, 0.6fr)',
  cell: (node) => (node.cluster === 'unknown' ? '' : node.cluster),
  sortBy: (node) => node.cluster,
}

/** Columns of nodes; `alerts` by node id as on the canvas, undefined while they are not known. */
export function nodeColumns(
  nodes: readonly GraphNode[],
  alerts: ReadonlyMap<string, AlertMark> | undefined,
  onSelect: Choose,
): Column<GraphNode>[] {
  const rung = alertColumn(nodes, (node) => (alerts ? (alertMarkOf(node, alerts) ?? NO_ALERTS) : null), false)
  return [
    {
      id: 'health',
      name: 'Health',
      width: '76px',
      cell: (node) => <HealthIcon status={node.health.status} />,
      sortBy: (node) => severity(node.health.status),
    },
    {
      id: 'name',
      name: 'Name',
      width: 'minmax(170px, 2fr)',
      cell: (node) => (
        <button
          type="button"
          className={plain.linkish}
          title={spokenName(node)}
          onClick={() => onSelect(node.id)}
        >
          {spokenName(node)}
        </button>
      ),
      sortBy: (node) => spokenName(node),
    },
    ...(clustersOf(nodes).size > 1 ? [CLUSTER] : []),
    {
      id: 'namespace',
      name: 'Namespace',
      width: 'minmax(110px, 1fr)',
      cell: (node) => (node.namespace === 'unknown' ? '' : node.namespace),
      sortBy: (node) => node.namespace,
    },
    {
      id: 'kind',
      name: 'Kind',
      width: '120px',
      cell: (node) => kindWords({ node, folded: null }).replace(/ in .*$/, ''),
      sortBy: (node) => node.kind,
    },
    // before the figures: a narrow window cuts the last columns
    ...(rung ? [rung] : []),
    figure(
      'rate',
      'Requests',
      'requests per second, in; of pure callers out',
      (node) => nodeFigures(node).requestsPerSecond,
      formatRate,
    ),
    figure(
      'errors',
      'Errors',
      '5xx, no response, gRPC errors',
      (node) => nodeFigures(node).errorRatio,
      formatRatio,
    ),
    figure('client', '4xx', 'client errors', (node) => nodeFigures(node).clientErrorRatio, formatRatio),
    figure(
      'p50',
      'P50',
      'half of the requests are faster',
      (node) => nodeFigures(node).latencyMs?.p50 ?? null,
      formatDuration,
    ),
    figure(
      'p99',
      'P99',
      '99 in 100 requests are faster',
      (node) => nodeFigures(node).latencyMs?.p99 ?? null,
      formatDuration,
    ),
    figure(
      'tcp',
      'TCP',
      'bytes per second, both directions',
      (node) => nodeFigures(node).bytesPerSecond,
      formatBytesPerSecond,
    ),
  ]
}

export function edgeColumns(names: ReadonlyMap<string, string>, onSelect: Choose): Column<GraphEdge>[] {
  const name = (id: string) => names.get(id) ?? id
  return [
    {
      id: 'health',
      name: 'Health',
      width: '76px',
      cell: (edge) => <HealthIcon status={edge.health.status} />,
      sortBy: (edge) => severity(edge.health.status),
    },
    {
      id: 'source',
      name: 'From',
      width: 'minmax(140px, 1.4fr)',
      cell: (edge) => (
        <button type="button" className={plain.linkish} onClick={() => onSelect(edge.id)}>
          {name(edge.source)}
        </button>
      ),
      sortBy: (edge) => name(edge.source),
    },
    {
      id: 'target',
      name: 'To',
      width: 'minmax(140px, 1.4fr)',
      cell: (edge) => name(edge.target),
      sortBy: (edge) => name(edge.target),
    },
    {
      id: 'protocol',
      name: 'Protocol',
      width: '84px',
      cell: (edge) => edge.protocol,
      sortBy: (edge) => edge.protocol,
    },
    figure('rate', 'Requests', 'per second', (edge) => edge.requestsPerSecond, formatRate),
    figure('errors', 'Errors', '5xx, no response, gRPC errors', (edge) => edge.errorRatio, formatRatio),
    figure(
      'p50',
      'P50',
      'half of the requests are faster',
      (edge) => edge.latencyMs?.p50 ?? null,
      formatDuration,
    ),
    figure(
      'p99',
      'P99',
      '99 in 100 requests are faster',
      (edge) => edge.latencyMs?.p99 ?? null,
      formatDuration,
    ),
    figure('share', 'Share', 'of what the source sends', (edge) => edge.share, formatRatio),
    figure('mtls', 'mTLS', 'share over mutual TLS', (edge) => edge.mtlsRatio, formatRatio),
    figure(
      'bytes',
      'TCP',
      'bytes per second, both directions',
      (edge) =>
        edge.sentBytesPerSecond === null && edge.receivedBytesPerSecond === null
          ? null
          : (edge.sentBytesPerSecond ?? 0) + (edge.receivedBytesPerSecond ?? 0),
      formatBytesPerSecond,
    ),
  ]
}

/** A column of figures: right-aligned, sorted by value, absence as a dash. */
export function figure<T>(
  id: string,
  name: string,
  meaning: string,
  valueOf: (row: T) => number | null,
  format: (value: number | null) => string,
): Column<T> {
  return {
    id,
    name,
    meaning,
    width: 'minmax(88px, 0.7fr)',
    align: 'right',
    cell: (row) => <Figure text={format(valueOf(row))} />,
    sortBy: valueOf,
  }
}
