import 'server-only'
import type { Upstreams } from '../upstreams'

export interface Readiness {
  ready: boolean
  /** whether each configured upstream answers; null while it was not heard of either way */
  upstreams: Record<string, boolean | null>
}

/**
 * Whether requests should come here: once every upstream has been asked, whatever it said. A replica whose
 * Prometheus is down stays ready, since its pages say so and show what they last knew; its twins would be no better.
 */
export async function getReadiness(up: Upstreams): Promise<Readiness> {
  const prometheus = (await up.probes.prometheus()).isReachable
  const traces = up.probes.traces ? (await up.probes.traces()).isReachable : undefined
  const alertmanager = up.probes.alertmanager ? (await up.probes.alertmanager()).isReachable : undefined
  const clusters = up.inventories.map((source) => {
    const { ready, error } = source.current()
    return [`kubernetes ${source.cluster}`, error !== null ? false : ready ? true : null] as const
  })
  const answers: Readiness['upstreams'] = {
    prometheus,
    ...(traces === undefined || !up.traces ? {} : { [up.traces.name]: traces }),
    ...(alertmanager === undefined ? {} : { alertmanager }),
    ...Object.fromEntries(clusters),
  }
  return { ready: Object.values(answers).every((answer) => answer !== null), upstreams: answers }
}
