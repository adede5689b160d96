/** How the embedded Alertmanager is set up. */
import { stringify } from 'yaml'
import { isMatched, type Labels } from './matchers'

/** What Prometheus adds to every alert it sends. */
export const EXTERNAL_LABELS = { prometheus: 'embedded/mesh' } as const

const DEFAULT_RECEIVER = 'mesh-team'
const ROUTES = [
  { receiver: 'on-call', matchers: ['severity="critical"'] },
  { receiver: 'bookinfo-team', matchers: ['destination_service_namespace="bookinfo"'] },
] as const

/** A service that fails is the cause of what is slow about it. */
export const INHIBITIONS = [
  {
    source: ['severity="critical"'],
    target: ['severity="warning"'],
    equal: ['destination_service_namespace', 'destination_service_name'],
  },
] as const

export const RECEIVERS = [DEFAULT_RECEIVER, ...ROUTES.map(({ receiver }) => receiver)].sort()

/** The first route that matches, as none of them continues. */
export function receiversOf(labels: Labels): string[] {
  return [ROUTES.find(({ matchers }) => isMatched(matchers, labels))?.receiver ?? DEFAULT_RECEIVER]
}

/** The same as its file would say. */
export const CONFIG = stringify({
  route: {
    receiver: DEFAULT_RECEIVER,
    group_by: ['alertname', 'destination_service_namespace', 'destination_service_name'],
    routes: ROUTES,
  },
  inhibit_rules: INHIBITIONS.map(({ source, target, equal }) => ({
    source_matchers: source,
    target_matchers: target,
    equal,
  })),
  receivers: RECEIVERS.map((name) => ({ name })),
})
