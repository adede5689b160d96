import 'server-only'
import { WINDOW_NAMES, WINDOWS } from '@/lib/api/schemas/common'
import type { Status, UpstreamStatus } from '@/lib/api/schemas/status'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import { formatWindow } from '@/lib/units/window'
import { sentence, upstreamCode } from '../errors'
import { seesAllOf } from '../session/current'
import { rulesToRead, type TelemetryFacts } from '../snapshots/facts'
import type { Upstreams } from '../upstreams'
import { version } from '../version'
import { whyUnusable } from './resolve-time'

/** What Heddle is connected to, how old its data is, and which windows can be used. */
export async function getStatus(up: Upstreams): Promise<Status> {
  const [facts, prometheus, traces, alertmanager] = await Promise.all([
    up.facts.get(),
    prometheusStatus(up),
    tracesStatus(up),
    alertmanagerStatus(up),
  ])
  const kubernetes = kubernetesStatus(up)
  const seen = up.snapshots
    .lines()
    .flatMap((line) => line.state.snapshot?.topology.ends ?? [])
    .flatMap((end) => (end.kind === 'unknown' ? [] : [end.cluster]))
  const clusters = new Set([...up.config.clusters.map((cluster) => cluster.name), ...seen])
  return {
    mode: up.config.mode,
    readOnly: up.config.readOnly,
    clusters: [...clusters].sort(),
    objects: [...clusters].sort().map((cluster) => objectsOf(up, cluster)),
    version,
    now: up.clock.now(),
    upstreams: [prometheus, kubernetes, traces, alertmanager],
    windows: WINDOW_NAMES.map((name) => {
      const why = whyUnusable(name, facts)
      return { name, seconds: WINDOWS[name], usable: why === null, why }
    }),
    scrapeIntervalSeconds: facts.isScrapeIntervalKnown ? facts.scrapeIntervalSeconds : null,
    retentionSeconds: facts.retentionSeconds,
    notices: up.inventories.flatMap((source) =>
      source
        .current()
        .notices.filter(({ code }) => isTold(code, source.cluster))
        .map((notice) => ({
          code: notice.code,
          message: up.inventories.length > 1 ? `${source.cluster}: ${notice.message}` : notice.message,
          upstream: 'kubernetes' as const,
        })),
    ),
  }
}

/** Objects that could not be read are named, wherever they lie. */
function isTold(code: string, cluster: string): boolean {
  return code !== 'objects-unreadable' || seesAllOf(cluster)
}

async function prometheusStatus(up: Upstreams): Promise<UpstreamStatus> {
  const reach = await up.probes.prometheus()
  const facts = up.facts.current()
  const states = up.snapshots.lines().map((line) => line.state)
  const instants = states.flatMap((state) => state.snapshot?.at ?? [])
  const failure = states.find((state) => state.failure !== null)?.failure
  return {
    name: 'prometheus',
    configured: true,
    reachable: reach.isReachable,
    product: facts.build?.product ?? null,
    version: facts.build?.version ?? null,
    dataAt: instants.length > 0 ? Math.max(...instants) : null,
    error: reach.error ?? failure?.message ?? null,
    code: reach.code ?? failure?.code ?? null,
    details: {
      ...describe(facts),
      ...(instants.length === 0
        ? {}
        : { rates: isRecorded(up) ? 'from recording rules' : 'from raw series' }),
    },
  }
}

function describe(facts: TelemetryFacts): Record<string, string> {
  const interval = formatWindow(facts.scrapeIntervalSeconds)
  return {
    'scrape interval': facts.isScrapeIntervalKnown ? interval : `${interval} (assumed)`,
    ...(facts.retentionSeconds === null ? {} : { retention: formatWindow(facts.retentionSeconds) }),
    'recording rules': !facts.areRulesKnown
      ? 'not known'
      : facts.recorded.size === 0
        ? 'none found'
        : rulesToRead(facts).size === 0
          ? `${facts.recorded.size} found, not in use: scrapes are too rare for them`
          : `${facts.recorded.size} in use`,
  }
}

function isRecorded(up: Upstreams): boolean {
  return up.snapshots.lines().some((line) => line.state.snapshot?.isRecorded ?? false)
}

async function tracesStatus(up: Upstreams): Promise<UpstreamStatus> {
  const reach = up.probes.traces ? await up.probes.traces() : null
  const name = up.traces?.name ?? 'jaeger'
  return {
    name,
    configured: reach !== null,
    reachable: reach?.isReachable ?? null,
    product: up.traces?.product ?? null,
    version: null,
    dataAt: up.answeredAt.get(name) ?? null,
    error: reach?.error ?? null,
    code: reach?.code ?? null,
    details: {},
  }
}

async function alertmanagerStatus(up: Upstreams): Promise<UpstreamStatus> {
  const { alertmanager, probes } = up
  const reach = probes.alertmanager ? await probes.alertmanager() : null
  // what the probe has just asked
  const said = reach?.isReachable
    ? await up.memory.get('alertmanager status', 60_000, async () => alertmanager?.status()).catch(() => null)
    : null
  return {
    name: 'alertmanager',
    configured: reach !== null,
    reachable: reach?.isReachable ?? null,
    product: reach ? 'Alertmanager' : null,
    version: said?.version ?? null,
    dataAt: up.answeredAt.get('alertmanager') ?? null,
    error: reach?.error ?? null,
    code: reach?.code ?? null,
    details:
      said?.cluster === 'ready' || said?.cluster === 'settling'
        ? { replicas: `${said.peers ?? 0}${said.cluster === 'settling' ? ', still finding each other' : ''}` }
        : {},
  }
}

/** Several clusters are one upstream to the reader: reachable when all of them are. */
function kubernetesStatus(up: Upstreams): UpstreamStatus {
  const views = up.inventories.map((source) => ({ source, view: source.current() }))
  const errors = views.flatMap(({ source, view }) =>
    view.error === null ? [] : [named(source, view.error, views.length)],
  )
  const codes = new Set(
    views.flatMap(({ view }) =>
      view.failure === null ? [] : [upstreamCode({ upstream: 'kubernetes', kind: view.failure })],
    ),
  )
  const heard = views.map(({ view }) => view.lastHeardAt)
  const isAsked = views.every(({ view }) => view.ready || view.error !== null)
  return {
    name: 'kubernetes',
    configured: views.length > 0,
    reachable: views.length === 0 || !isAsked ? null : errors.length === 0,
    product: views.length > 0 ? 'Kubernetes' : null,
    version: [...new Set(views.flatMap(({ view }) => view.version ?? []))].join(', ') || null,
    // the cluster heard of longest ago is how old the whole may be
    dataAt: heard.length > 0 && heard.every((at) => at !== null) ? Math.min(...heard) : null,
    error: errors.length > 0 ? errors.join(' ') : null,
    // of several that fail in several ways no single word is true
    code: codes.size === 1 ? ([...codes][0] ?? null) : null,
    details: Object.fromEntries(
      views.map(({ source, view }) => [
        source.cluster,
        view.ready ? (seesAllOf(source.cluster) ? `${source.objectCount} objects` : 'read') : 'not read yet',
      ]),
    ),
  }
}

/** Telemetry knows clusters whose Kubernetes API nobody connected. */
function objectsOf(up: Upstreams, cluster: string): Status['objects'][number] {
  const view = up.inventories.find((source) => source.cluster === cluster)?.current()
  if (!view) {
    const why = 'Known from telemetry only; connect its Kubernetes API under clusters in HEDDLE_CONFIG.'
    return { cluster, isReadable: false, why }
  }
  if (view.inventory) return { cluster, isReadable: true, why: null }
  return {
    cluster,
    isReadable: false,
    why: view.error === null ? 'Its objects are just being read.' : sentence(view.error),
  }
}

function named(source: InventorySource, error: string, clusters: number): string {
  return sentence(clusters > 1 ? `${source.cluster}: ${error}` : error)
}
