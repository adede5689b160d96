/** The words on a line of the graph: at most two figures, each with its unit. Pure. */
import type { EdgeLabel } from '@/components/hooks/address/view-state'
import type { GraphEdge } from '@/lib/api/schemas/mesh/graph'
import { openLock } from '@/lib/istio/mutual-tls/lock'
import { formatBytesPerSecond } from '@/lib/units/bytes'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'

export type Tone = 'plain' | 'quiet' | 'degraded' | 'failing'

export interface LabelPart {
  text: string
  tone: Tone
}

export const EDGE_LABEL_NAMES: Record<EdgeLabel, { name: string; meaning: string }> = {
  rate: { name: 'Requests/s', meaning: 'requests per second; bytes per second on TCP' },
  errors: { name: 'Errors %', meaning: 'share of requests that failed: 5xx, no response, gRPC errors' },
  p50: { name: 'P50', meaning: 'half of the requests are faster' },
  p90: { name: 'P90', meaning: '9 in 10 requests are faster' },
  p95: { name: 'P95', meaning: '19 in 20 requests are faster' },
  p99: { name: 'P99', meaning: '99 in 100 requests are faster' },
  throughput: { name: 'Bytes/s', meaning: 'bytes per second, both directions' },
  share: { name: 'Share', meaning: 'of all this source sends with the same protocol' },
  mtls: { name: 'mTLS', meaning: 'share of requests over mutual TLS' },
}

/**
 * The figures chosen for an edge, only those that were measured. A failing edge always says its error share,
 * chosen or not, since that is what the reader came for; the figures asked for stay at two.
 */
export function edgeLabelParts(edge: GraphEdge, chosen: readonly EdgeLabel[]): LabelPart[] {
  const parts = chosen.map((label) => labelPart(edge, label)).filter((part) => part !== null)
  const isBad = edge.health.status === 'failing' || edge.health.status === 'degraded'
  if (isBad && chosen.length > 0 && !chosen.includes('errors') && (edge.errorRatio ?? 0) > 0) {
    const errors = labelPart(edge, 'errors')
    if (errors) return [parts[0], errors].filter((part) => part !== undefined)
  }
  return parts
}

function labelPart(edge: GraphEdge, label: EdgeLabel): LabelPart | null {
  switch (label) {
    case 'rate':
      if (edge.protocol === 'tcp') return throughput(edge)
      return edge.requestsPerSecond === null ? null : plain(formatRate(edge.requestsPerSecond))
    case 'errors':
      if (edge.errorRatio === null) return null
      return { text: `${formatRatio(edge.errorRatio)} err`, tone: errorTone(edge) }
    case 'p50':
    case 'p90':
    case 'p95':
    case 'p99': {
      const value = edge.latencyMs?.[label]
      if (value !== null && value !== undefined) return plain(formatDuration(value))
      const mean = edge.latencyMs?.mean
      // a mean is never passed off as a quantile
      return mean === null || mean === undefined
        ? null
        : { text: `avg ${formatDuration(mean)}`, tone: 'quiet' }
    }
    case 'throughput':
      return throughput(edge)
    case 'share':
      return edge.share === null ? null : plain(formatRatio(edge.share))
    case 'mtls':
      if (edge.mtlsRatio === null) return null
      return {
        text: `${formatRatio(edge.mtlsRatio)} mTLS`,
        tone: openLock({ mtlsRatio: edge.mtlsRatio, mode: null }) ? 'degraded' : 'quiet',
      }
  }
}

function throughput(edge: GraphEdge): LabelPart | null {
  if (edge.sentBytesPerSecond === null && edge.receivedBytesPerSecond === null) return null
  return plain(formatBytesPerSecond((edge.sentBytesPerSecond ?? 0) + (edge.receivedBytesPerSecond ?? 0)))
}

function plain(text: string): LabelPart {
  return { text, tone: 'plain' }
}

function errorTone(edge: GraphEdge): Tone {
  if (edge.health.status === 'failing') return 'failing'
  if (edge.health.status === 'degraded') return 'degraded'
  return (edge.errorRatio ?? 0) > 0 ? 'plain' : 'quiet'
}
