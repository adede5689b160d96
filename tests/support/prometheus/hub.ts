/** A service that hundreds call: more than an answer about it holds. */
import { requestSeries, type Series } from './istio-metrics'

export const HUB = { cluster: 'east', namespace: 'shop', name: 'hub' }

/**
 * What `callers` workloads, c000 and on, send to it. The higher its number the more a caller sends; two requests a
 * second of every other one fail: of the small ones a tenth and more, of the others less.
 */
export function callsOfHub(callers: number): Series[] {
  return Array.from({ length: callers }, (_, n) => {
    const call = {
      from: { namespace: 'team', workload: `c${String(n).padStart(3, '0')}` },
      to: { namespace: HUB.namespace, workload: HUB.name },
      reporter: 'source',
    } as const
    return [
      ...requestSeries({ ...call, perSecond: (100 + n) / 15 }),
      ...(n % 2 === 0 ? requestSeries({ ...call, perSecond: 2, code: '503', flags: 'UF' }) : []),
    ]
  }).flat()
}
