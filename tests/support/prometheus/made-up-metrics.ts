/** Series with everything that makes PromQL hard, written step by step into a metric store. */
import type { MetricStore } from '@/lib/demo/prometheus/metric-store'

export const STEPS = 100
export const STEP_MS = 5000

const LATENCY_BOUNDS = [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000]

/** A linear congruential generator: the same numbers in every run. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

interface Call {
  source: string
  destination: string
  protocol: 'http' | 'grpc'
  code: string
  grpcStatus?: string
  flags: string
  perStep: number
  from?: number
}

const CALLS: readonly Call[] = [
  {
    source: 'productpage-v1',
    destination: 'reviews-v1',
    protocol: 'http',
    code: '200',
    flags: '-',
    perStep: 40,
  },
  {
    source: 'productpage-v1',
    destination: 'reviews-v2',
    protocol: 'http',
    code: '200',
    flags: '-',
    perStep: 21,
  },
  {
    source: 'productpage-v1',
    destination: 'reviews-v2',
    protocol: 'http',
    code: '503',
    flags: 'UF,URX',
    perStep: 2,
  },
  {
    source: 'productpage-v1',
    destination: 'reviews-v3',
    protocol: 'http',
    code: '0',
    flags: 'DC',
    perStep: 1,
    from: 50,
  },
  {
    source: 'reviews-v2',
    destination: 'ratings-v1',
    protocol: 'grpc',
    code: '200',
    grpcStatus: '0',
    flags: '-',
    perStep: 15,
  },
  {
    source: 'reviews-v2',
    destination: 'ratings-v1',
    protocol: 'grpc',
    code: '200',
    grpcStatus: '14',
    flags: '-',
    perStep: 3,
  },
  {
    source: 'it\'s "quoted"',
    destination: 'päyments\\v1',
    protocol: 'http',
    code: '404',
    flags: 'NR',
    perStep: 5,
  },
]

function istioLabels(call: Call, reporter: string): Record<string, string> {
  const app = (workload: string) => workload.replace(/-v\d$/, '')
  const namespaceOf = (workload: string) => (workload.includes('"') ? 'it\'s "quoted"' : 'bookinfo')
  return {
    instance: `10.0.0.1:${reporter === 'source' ? 15_020 : 15_021}`,
    job: 'istio',
    reporter,
    source_cluster: 'east',
    source_workload_namespace: namespaceOf(call.source),
    source_workload: call.source,
    source_canonical_service: app(call.source),
    source_canonical_revision: /v\d$/.exec(call.source)?.[0] ?? 'latest',
    source_principal: `spiffe://cluster.local/ns/bookinfo/sa/${app(call.source)}`,
    destination_cluster: 'east',
    destination_service: `${app(call.destination)}.bookinfo.svc.cluster.local`,
    destination_service_name: app(call.destination),
    destination_service_namespace: 'bookinfo',
    destination_workload_namespace: 'bookinfo',
    destination_workload: call.destination,
    destination_canonical_service: app(call.destination),
    destination_canonical_revision: /v\d$/.exec(call.destination)?.[0] ?? 'latest',
    destination_principal: `spiffe://cluster.local/ns/bookinfo/sa/${app(call.destination)}`,
    request_protocol: call.protocol,
    response_code: call.code,
    response_flags: call.flags,
    connection_security_policy: reporter === 'source' ? 'unknown' : 'mutual_tls',
    ...(call.grpcStatus === undefined ? {} : { grpc_response_status: call.grpcStatus }),
  }
}

/** Writes what happens at step `step` (0 … STEPS - 1); the caller scrapes after it. */
export function writeStep(store: MetricStore, step: number): void {
  const random = numbers(step + 1)
  const own = { instance: 'made-up:1', job: 'made-up' }
  store.gauge('heartbeat', own).set(step)
  writeCounters(store, step, random, own)
  writeGauges(store, step, random, own)
  writeHistograms(store, step, random, own)
  writeIstio(store, step, random)
  writeControlPlane(store, step)
}

/** What istiod and the nodes say; from numbers of its own, so that the rest stays as it was. */
function writeControlPlane(store: MetricStore, step: number): void {
  const random = numbers(step + 1_000)
  for (const pod of ['a', 'b.c', 'bxc']) {
    const labels = {
      job: 'cadvisor',
      instance: 'node:1',
      namespace: 'bookinfo',
      pod,
      container: 'istio-proxy',
    }
    store.counter('container_cpu_usage_seconds_total', labels).add(0.01 + random() / 100)
    store.gauge('container_memory_working_set_bytes', labels).set(5e7 + random() * 1e6)
  }
  for (const pod of ['istiod-7d64c7f89c-7fqtj', 'istiod-canary-5bf4d88c6b-x2x4z']) {
    const labels = { job: 'istiod', instance: `${pod}:1`, namespace: 'istio-system', pod }
    const gauge = (name: string, value: number, more: Labels = {}) =>
      store.gauge(name, { ...labels, ...more }).set(value)
    const counter = (name: string, by: number, more: Labels = {}) =>
      store.counter(name, { ...labels, ...more }).add(by)
    for (const version of ['1.29.2', '1.28.0']) gauge('pilot_xds', 20 + Math.floor(step / 10), { version })
    for (const type of ['cds', 'eds']) {
      counter('pilot_xds_pushes', random() < 0.2 ? 40 : 0, { type })
      counter('pilot_total_xds_rejects', random() < 0.05 ? 1 : 0, { type })
    }
    counter('pilot_total_xds_internal_errors', random() < 0.05 ? 1 : 0)
    counter('pilot_k8s_cfg_events', random() < 0.1 ? 1 : 0, { type: 'Config', event: 'update' })
    store.histogram('pilot_proxy_convergence_time', labels, [0.1, 0.5, 1, 3]).observe(random() * 2, 3)
    gauge('pilot_conflict_inbound_listener', step % 3)
    gauge('pilot_eds_no_instances', 2)
    counter('citadel_server_csr_count', random() < 0.3 ? 2 : 0)
    counter('citadel_server_success_cert_issuance_count', random() < 0.3 ? 2 : 0)
    counter('process_cpu_seconds_total', random())
    gauge('process_resident_memory_bytes', 2e8 + random() * 1e6)
    gauge('go_goroutines', 900 + step)
  }
}

type Labels = Record<string, string>

function writeCounters(store: MetricStore, step: number, random: () => number, own: Labels): void {
  for (const app of ['a', 'b', 'c', 'd']) {
    for (const code of ['200', '404', '500']) {
      const labels = { ...own, app, code, version: app === 'd' ? 'v2' : 'v1' }
      const isAway = app === 'c' && step >= 50 && step < 70
      // an error nobody saw before, with a count already
      const isUnborn = code === '500' && step < 40
      const isGone = app === 'd' && code === '404' && step >= 20
      if (isAway || isUnborn || isGone) continue
      store
        .counter('requests_total', labels)
        .add(code === '500' && step === 40 ? 37 : Math.floor(random() * 50))
    }
  }
  // restarts: away and back within one scrape, and away for a while
  if (step === 30) restart(store, 'b')
  if (step === 49) end(store, (labels) => labels.app === 'c')
  if (step === 19) end(store, (labels) => labels.app === 'd' && labels.code === '404')
  store.counter('constant_total', own).add(step === 0 ? 12.5 : 0)
  store.counter('slow_total', own).add(step % 17 === 0 ? 1 : 0)
  store.counter('large_total', own).add(1e15 + step)
  if (step === STEPS - 1) store.counter('newborn_total', own).add(5)
}

function end(store: MetricStore, match: (labels: Labels) => boolean): void {
  store.remove(({ names, values }) =>
    match(Object.fromEntries(names.map((name, at) => [name, values[at] ?? ''] as const))),
  )
}

function restart(store: MetricStore, app: string): void {
  end(store, (labels) => labels.app === app && labels.code !== undefined)
  for (const code of ['200', '404']) {
    store
      .counter('requests_total', { instance: 'made-up:1', job: 'made-up', app, code, version: 'v1' })
      .add(3)
  }
}

function writeGauges(store: MetricStore, step: number, random: () => number, own: Labels): void {
  const cities = ['berlin', 'oslo', 'rome', 'x"y\\z', 'zürich\n2']
  cities.forEach((city, at) => {
    store
      .gauge('temperature', { ...own, city, zone: at % 2 ? 'north' : 'south' })
      .set(Math.round(random() * 400 - 100) / 10)
  })
  const odd = [NaN, Infinity, -Infinity, 0, -0, 1e-9, 123_456_789.125, -3.5]
  odd.forEach((value, at) => {
    store.gauge('odd', { ...own, n: String(at) }).set(step % 7 === at ? 1 : value)
  })
  store.gauge('steady', own).set(42)
  store.gauge('flapping', own).set(step % 3 === 0 ? NaN : Math.floor(step / 10))
  store.gauge('limit', { ...own, app: 'a' }).set(600)
  store.gauge('limit', { ...own, app: 'b' }).set(900)
  for (const [app, team] of [
    ['a', 'red'],
    ['b', 'blue'],
    ['c', 'red'],
  ] as const) {
    store.gauge('app_info', { ...own, app, team, build: `2.${app.charCodeAt(0)}` }).set(1)
  }
  store.gauge('twin_a', { ...own, x: '1' }).set(step)
  store.gauge('twin_b', { ...own, x: '1' }).set(-step)
  store.gauge('unix', own).set(1_709_210_096 + step * 86_400)
  if (step % 20 < 10) store.gauge('sometimes', { ...own, x: '1' }).set(step)
  else if (step % 20 === 10) end(store, (labels) => labels.x === '1' && labels.instance === 'made-up:1')
}

function writeHistograms(store: MetricStore, step: number, random: () => number, own: Labels): void {
  for (const [app, median] of [
    ['a', 8],
    ['b', 300],
    ['idle', null],
  ] as const) {
    const histogram = store.histogram('latency_ms', { ...own, app }, LATENCY_BOUNDS)
    if (median === null) continue
    for (let i = 0; i < 20; i++) histogram.observe(median * Math.exp(2 * (random() + random() - 1)))
  }
  const bucket = (kind: string, le: string, value: number) =>
    store.gauge('broken_bucket', { ...own, kind, le }).set(value)
  // counts that fall, no +Inf, equal bounds, a bound that is no number, one bucket alone, negative bounds
  for (const [le, value] of [
    ['1', 10],
    ['2', 8],
    ['4', 30],
    ['+Inf', 29],
  ] as const)
    bucket('falling', le, value + step)
  for (const [le, value] of [
    ['1', 10],
    ['2', 18],
  ] as const)
    bucket('open', le, value)
  for (const [le, value] of [
    ['1', 5],
    ['1.0', 6],
    ['3', 20],
    ['+Inf', 25],
  ] as const)
    bucket('equal', le, value)
  for (const [le, value] of [
    ['x', 5],
    ['2', 6],
    ['+Inf', 8],
  ] as const)
    bucket('named', le, value)
  bucket('alone', '+Inf', 3)
  for (const [le, value] of [
    ['-5', 4],
    ['-1', 6],
    ['+Inf', 9],
  ] as const)
    bucket('negative', le, value)
  for (const [le, value] of [
    ['1', 0],
    ['+Inf', 0],
  ] as const)
    bucket('empty', le, value)
  for (const [le, value] of [
    ['1', NaN],
    ['2', 4],
    ['+Inf', 7],
  ] as const)
    bucket('nan', le, value)
}

function writeIstio(store: MetricStore, step: number, random: () => number): void {
  for (const call of CALLS) {
    if (step < (call.from ?? 0)) continue
    for (const reporter of ['source', 'destination']) {
      const labels = istioLabels(call, reporter)
      const times = Math.floor(call.perStep * (0.5 + random()))
      store.counter('istio_requests_total', labels).add(times)
      const histogram = store.histogram('istio_request_duration_milliseconds', labels, LATENCY_BOUNDS)
      for (let i = 0; i < times; i++) histogram.observe(5 + 60 * random() ** 3)
      store.histogram('istio_request_bytes', labels, [1, 1000]).observe(300, times)
      store.histogram('istio_response_bytes', labels, [1, 1000]).observe(2000, times)
    }
  }
  for (const [source, destination] of [
    ['ratings-v1', 'mongodb-v1'],
    ['productpage-v1', 'reviews-v1'],
  ] as const) {
    const call: Call = { source, destination, protocol: 'http', code: '', flags: '-', perStep: 0 }
    const labels = { ...istioLabels(call, 'source'), request_protocol: 'tcp' }
    store.counter('istio_tcp_sent_bytes_total', labels).add(Math.floor(random() * 9000))
    store.counter('istio_tcp_received_bytes_total', labels).add(Math.floor(random() * 700))
    store.counter('istio_tcp_connections_opened_total', labels).add(step % 4 === 0 ? 1 : 0)
    store.counter('istio_tcp_connections_closed_total', labels).add(step % 5 === 0 ? 1 : 0)
  }
}
