import 'server-only'
import { X509Certificate } from 'node:crypto'
import type { z } from 'zod'
import type {
  ProxyAnswer,
  ProxyDump,
  ProxyLevelAnswer,
  ProxyLevelBody,
  ProxyQuery,
  ProxySecret,
  ProxyStats,
  ProxyStatsQuery,
} from '@/lib/api/schemas/telemetry/proxy'
import type { Notice } from '@/lib/api/schemas/common'
import { parseNodeId } from '@/lib/mesh/identity'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { readConfigDump, withoutSecrets, type ProxySecret as RawSecret } from '@/lib/proxy/config-dump'
import { endpointCounts, readEndpoints } from '@/lib/proxy/endpoints'
import { number, record, text } from '@/lib/proxy/wire'
import { noticeOf } from '../../errors'
import { requireWritable } from '../../changes/apply'
import { requireSight } from '../../session/narrow'
import { clientOf } from '../../session/current'
import type { Upstreams } from '../../upstreams'
import { outdatedNotices, refusedKinds } from '../../snapshots/objects'
import { unreadNotices } from '../config-scope'
import { askEnvoy, chosenPod, envoyPods, readEnvoy, readLevels } from './envoy'
import { getSync } from './get-sync'

const MOST_ROWS = 5_000
const MOST_STATS = 2_000

/** What the Envoy of one pod of a node does, and how far istiod agrees; with the rights of who asks. */
export async function getProxy(up: Upstreams, query: ProxyQuery, signal?: AbortSignal): Promise<ProxyAnswer> {
  const found = envoyPods(up, query.node)
  const nothing: ProxyAnswer = {
    at: up.clock.now(),
    pods: null,
    pod: null,
    server: null,
    logLevels: null,
    clusters: [],
    listeners: [],
    routes: [],
    endpoints: [],
    secrets: [],
    unread: [],
    sync: null,
    missingRight: null,
    notices: [],
  }
  if (!found || refusedKinds(found.source).includes('Pod')) {
    return { ...nothing, notices: [...unreadNotices(up), ...outdatedNotices(up)] }
  }
  const pods = found.pods.map(({ name, ready }) => ({ name, ready }))
  if (pods.length === 0) return { ...nothing, pods }
  const { pod } = chosenPod(up, query.node, query.pod)
  const client = clientOf(found.source)
  const notices: Notice[] = []
  const answer: ProxyAnswer = { ...nothing, pods, pod: pod.name }
  const ask = async <T>(what: Promise<T>, then: string): Promise<T | null> => {
    try {
      return await what
    } catch (error) {
      if (isUpstreamError(error) && error.status === 403) {
        const namespace = /in the namespace "([^"]+)"/.exec(error.message)?.[1] ?? pod.namespace
        // of its own namespace nothing can be shown without it
        if (namespace === pod.namespace || !answer.missingRight) {
          answer.missingRight = { verb: 'create', resource: 'pods/portforward', namespace }
        }
        return null
      }
      notices.push(noticeOf(error, then))
      return null
    }
  }
  const [server, dump, clusters, levels, sync] = await Promise.all([
    ask(readEnvoy(client, pod, '/server_info', signal), 'The state of the proxy is missing.'),
    ask(
      readEnvoy(client, pod, '/config_dump', signal),
      'Clusters, listeners, routes and secrets are missing.',
    ),
    ask(readEnvoy(client, pod, '/clusters?format=json', signal), 'Endpoints are missing.'),
    ask(askEnvoy(client, pod, '/logging', { method: 'POST', signal }), 'The log level is missing.'),
    ask(getSync(found, pod, signal), 'What istiod sent is missing.'),
  ])
  const config = readConfigDump(dump)
  const endpoints = readEndpoints(clusters)
  const countsOf = endpointCounts(clusters === null ? null : endpoints)
  const cut = <T>(rows: T[], what: string): T[] => {
    if (rows.length <= MOST_ROWS) return rows
    notices.push({
      code: 'proxy-cut',
      message: `The first ${MOST_ROWS} of ${rows.length} ${what} are here; the configuration dump has all.`,
    })
    return rows.slice(0, MOST_ROWS)
  }
  return {
    ...answer,
    server: server === null ? null : serverOf(server),
    logLevels: levels === null ? null : readLevels(levels),
    clusters: cut(config.clusters, 'clusters').map((cluster) => ({
      ...cluster,
      ...countsOf(cluster.name),
    })),
    listeners: cut(config.listeners, 'listeners'),
    routes: cut(config.routes, 'routes'),
    endpoints: cut(endpoints, 'endpoints'),
    secrets: config.secrets.map(secretOf),
    unread: [
      ...(dump === null ? (['clusters', 'listeners', 'routes', 'secrets'] as const) : []),
      ...(clusters === null ? (['endpoints'] as const) : []),
    ],
    sync,
    notices,
  }
}

function serverOf(body: unknown): NonNullable<ProxyAnswer['server']> {
  const info = record(body)
  const uptime = text(info.uptime_current_epoch)
  return {
    version: text(record(record(info.node).metadata).ISTIO_VERSION) ?? text(info.version),
    state: text(info.state),
    uptimeSeconds: uptime === null ? null : number(uptime.replace(/s$/, '')),
  }
}

/** Name and times of a secret; what it holds goes no further. */
function secretOf({ pem, ...secret }: RawSecret): ProxySecret {
  const unread = { ...secret, validFrom: null, expiresAt: null, subjects: [] }
  if (pem === null) return unread
  try {
    const certificate = new X509Certificate(pem)
    const names = (certificate.subjectAltName ?? '')
      .split(', ')
      .map((name) => name.replace(/^(URI|DNS):/, ''))
    const subject = certificate.subject ? certificate.subject.split('\n') : []
    const subjects = names.some((name) => name !== '') ? names : subject
    return {
      ...secret,
      validFrom: Date.parse(certificate.validFrom),
      expiresAt: Date.parse(certificate.validTo),
      subjects,
    }
  } catch {
    return unread
  }
}

/** Envoy's whole configuration as it answers it, without what secrets hold. */
export async function getProxyDump(
  up: Upstreams,
  query: ProxyQuery,
  signal?: AbortSignal,
): Promise<z.infer<typeof ProxyDump>> {
  const { pod, client } = chosenPod(up, query.node, query.pod)
  const dump = await readEnvoy(client, pod, '/config_dump?include_eds', signal)
  return { pod: pod.name, dump: withoutSecrets(dump) }
}

/** Envoy's own counters and gauges by name. */
export async function getProxyStats(
  up: Upstreams,
  query: ProxyStatsQuery,
  signal?: AbortSignal,
): Promise<ProxyStats> {
  const { pod, client } = chosenPod(up, query.node, query.pod)
  const lines = (await askEnvoy(client, pod, '/stats?usedonly', { signal })).split('\n')
  const wanted = query.filter?.toLowerCase() ?? ''
  const stats = lines.flatMap((line) => {
    const at = line.indexOf(': ')
    const name = line.slice(0, at)
    return at > 0 && name.toLowerCase().includes(wanted) ? [{ name, value: line.slice(at + 2) }] : []
  })
  return { pod: pod.name, stats: stats.slice(0, MOST_STATS), more: Math.max(0, stats.length - MOST_STATS) }
}

/** Sets the level of all loggers of one Envoy until it restarts: the only thing here that changes anything. */
export async function setProxyLevel(
  up: Upstreams,
  body: ProxyLevelBody,
  signal?: AbortSignal,
): Promise<z.infer<typeof ProxyLevelAnswer>> {
  const ref = parseNodeId(body.node)
  // a body is not narrowed to what may be seen, as parameters are
  if (ref) await requireSight(up, ref.cluster, ref.namespace)
  requireWritable(up)
  const { pod, client } = chosenPod(up, body.node, body.pod)
  const text = await askEnvoy(client, pod, `/logging?level=${body.level}`, { method: 'POST', signal })
  return { pod: pod.name, logLevels: readLevels(text) }
}
