import { sortedPairs } from '@/lib/demo/prometheus/label-set'
import type { Row } from '@/lib/demo/prometheus/promql/frame'

/** `{__name__="up", job="a"}`, as Prometheus prints series in messages. */
export function formatRow({ metric, labels }: Row): string {
  return `{${sortedPairs(metric, labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')}}`
}
