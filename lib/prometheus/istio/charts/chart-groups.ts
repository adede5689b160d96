/** One line for each version, peer, code or pod of a chart: which labels tell them apart, and what they are called. */
import type { Grouping } from '@/lib/api/schemas/requests'
import { UNKNOWN } from '@/lib/mesh/identity'
import type { Sample, Series } from '@/lib/prometheus/decode'
import { isOneOf, type Matcher } from '@/lib/prometheus/promql'
import { classOf } from './chart-series'

export interface GroupRule {
  labels: readonly string[]
  nameOf(labels: Series['labels']): string
}

/** How a chart of `direction` is grouped; `isTcp`: bytes have flags where requests have codes. */
export function groupRule(
  by: Exclude<Grouping, 'none'>,
  direction: 'inbound' | 'outbound',
  isTcp: boolean,
): GroupRule {
  const own = direction === 'inbound' ? 'destination' : 'source'
  const other = direction === 'inbound' ? 'source' : 'destination'
  switch (by) {
    case 'version':
      return {
        labels: [`${own}_canonical_service`, `${own}_canonical_revision`],
        nameOf: (labels) => versionName(labels, own),
      }
    case 'workload':
      return one(`${own}_workload`, own === 'destination' ? 'nobody reached' : 'workload unknown')
    case 'pod':
      return one('pod', 'pod unknown')
    case 'peer':
      return {
        labels: [
          `${other}_workload_namespace`,
          `${other}_workload`,
          ...(direction === 'outbound' ? ['destination_service_name'] : []),
        ],
        nameOf: (labels) => peerName(labels, other),
      }
    case 'code':
      return isTcp
        ? { labels: ['response_flags'], nameOf: ({ response_flags: flags = '' }) => flags || '-' }
        : { labels: CODE_LABELS, nameOf: codeName }
  }
}

const CODE_LABELS = ['request_protocol', 'response_code', 'grpc_response_status']

function one(label: string, unknown: string): GroupRule {
  return {
    labels: [label],
    nameOf: (labels) => {
      const value = labels[label] ?? ''
      return value === '' || value === UNKNOWN ? unknown : value
    },
  }
}

/** A request that reached nobody bears the revision `latest` of an unknown service: it was no version's. */
function versionName(labels: Series['labels'], side: 'source' | 'destination'): string {
  const service = labels[`${side}_canonical_service`] ?? ''
  const revision = labels[`${side}_canonical_revision`] ?? ''
  if (service === '' || service === UNKNOWN) {
    if (side === 'destination') return 'nobody reached'
    return revision === '' || revision === UNKNOWN || revision === 'latest' ? 'version unknown' : revision
  }
  return revision === '' || revision === UNKNOWN ? 'version unknown' : revision
}

function peerName(labels: Series['labels'], side: 'source' | 'destination'): string {
  const known = (label: string) => {
    const value = labels[label] ?? ''
    return value === '' || value === UNKNOWN ? null : value
  }
  const workload = known(`${side}_workload`)
  const namespace = known(`${side}_workload_namespace`)
  if (workload !== null) return namespace === null ? workload : `${namespace}/${workload}`
  return known('destination_service_name') ?? (side === 'source' ? 'unknown caller' : 'nobody reached')
}

/** `200`, `503`, `grpc OK`, `no response`. */
function codeName(labels: Series['labels']): string {
  const { name } = classOf(labels)
  const code = labels.response_code ?? ''
  return /^\dxx$/.test(name) && code !== '' ? code : name
}

/** What `topk` and `count` say of the groups: the busiest, busiest first, and how many there are. */
export function busiestGroups(
  rule: GroupRule,
  top: readonly Sample[],
  count: readonly Sample[],
  most: number,
): { shown: string[]; more: number; only: Matcher[] } {
  const sorted = top
    .filter(({ value }) => value !== null && value > 0)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
  const shown = [...new Set(sorted.map(({ labels }) => rule.nameOf(labels)))].slice(0, most)
  const kept = sorted.filter(({ labels }) => shown.includes(rule.nameOf(labels)))
  const all = count[0]?.value ?? sorted.length
  return {
    shown,
    more: Math.max(0, all - sorted.length),
    // each label alone: pairs that match by accident are left out when the answer is read
    only: rule.labels.map((label) =>
      isOneOf(label, [...new Set(kept.map(({ labels }) => labels[label] ?? ''))]),
    ),
  }
}

/** Series of each shown group, in their order; those of others are left out. */
export function byGroup(
  rule: GroupRule,
  shown: readonly string[],
  rows: readonly Series[],
): [string, Series[]][] {
  return shown.map((name) => [name, rows.filter(({ labels }) => rule.nameOf(labels) === name)])
}
