/**
 * Payments on their way to strict mTLS: most workloads have a sidecar, one has none, and callers from the
 * namespace `legacy` have none either. Settlements leave through the egress gateway.
 */
import type { CallSpec } from '@/lib/demo/model'
import type { Area, WorkloadPlan } from './build/area'
import { entries, service, workload } from './build/area'
import { call, callGrpc, grpc, http, tcp } from './build/calls'
import { paymentsConfig } from './payments-config'

const NAMESPACE = 'payments'
const HOST = 'pay.example.com'
const BANK = 'api.bank.example'

const LEDGER = 'payments/ledger:8080'

export function payments(): Area {
  return {
    namespaces: [{ name: NAMESPACE, labels: { 'istio-injection': 'enabled', team: 'money' } }],
    workloads: [
      api(),
      ledger(),
      workload({
        namespace: NAMESPACE,
        name: 'ledger-db',
        app: 'ledger-db',
        version: 'v16',
        kind: 'StatefulSet',
        image: 'docker.io/library/postgres:16.8',
        endpoints: [tcp({ port: 5432, latencyMs: [1.3, 8], bytes: [420, 980] })],
      }),
      fraudCheck('v1', 2, 45),
      fraudCheck('v2', 1, 3),
      workload({
        namespace: NAMESPACE,
        name: 'vault-proxy',
        app: 'vault-proxy',
        version: 'v1',
        replicas: 2,
        image: 'ghcr.io/example/vault-proxy:1.18.4',
        endpoints: [
          http('POST /v1/transit/sign', { port: 8200, latencyMs: [3, 14], bytes: [640, 420] }),
          tcp({ port: 8201, latencyMs: [2, 9], bytes: [1_100, 900] }),
        ],
      }),
      workload({
        namespace: NAMESPACE,
        name: 'settlement',
        app: 'settlement',
        version: 'v1',
        replicas: 2,
        image: 'ghcr.io/example/settlement:4.1.0',
        // long over: nobody's alarm, but its last words are still there to be read
        restarts: [{ pod: 0, container: 'settlement', afterDays: 18.6, reason: 'OOMKilled', exitCode: 137 }],
        endpoints: [
          http('POST /settlements', {
            port: 8080,
            latencyMs: [9, 42],
            bytes: [780, 260],
            calls: [call(LEDGER, 'GET /entries'), call(`${BANK}:80`, 'POST /v1/transfers')],
          }),
        ],
      }),
      // reads the books of the last minutes, and is scaled to nothing between its runs
      workload({
        namespace: NAMESPACE,
        name: 'reconciliation',
        app: 'reconciliation',
        kind: 'StatefulSet',
        version: 'v1',
        image: 'ghcr.io/example/reconciliation:2.0.3',
        runs: { firstMinute: 8, everyMinutes: 20, forMinutes: 7 },
      }),
      // opted out of injection on purpose: the one workload here without a proxy
      workload({
        namespace: NAMESPACE,
        name: 'card-tokenizer',
        app: 'card-tokenizer',
        version: 'v1',
        replicas: 2,
        dataPlane: 'none',
        labels: { 'sidecar.istio.io/inject': 'false' },
        image: 'ghcr.io/example/card-tokenizer:0.9.7',
        endpoints: [http('POST /tokens', { port: 8443, latencyMs: [4, 17], bytes: [380, 290] })],
      }),
    ],
    services: [
      service({
        namespace: NAMESPACE,
        name: 'payments-api',
        ports: [[80, 'http', 8080]],
        // merchants ask for payments that are not theirs: that many 404s are nobody's failure
        annotations: { 'health.kiali.io/rate': '404,20,40,http,inbound' },
      }),
      service({
        namespace: NAMESPACE,
        name: 'ledger',
        ports: [[8080, 'http']],
        annotations: { 'heddle.io/slo-availability': '99.95' },
      }),
      service({
        namespace: NAMESPACE,
        name: 'ledger-db',
        type: 'Headless',
        ports: [[5432, 'tcp', 5432, 'tcp-postgres']],
      }),
      service({ namespace: NAMESPACE, name: 'fraud-check', ports: [[9000, 'grpc']] }),
      service({
        namespace: NAMESPACE,
        name: 'vault-proxy',
        ports: [
          [8200, 'http'],
          [8201, 'tcp', 8201, 'tcp-cluster'],
        ],
      }),
      service({ namespace: NAMESPACE, name: 'settlement', ports: [[8080, 'http']] }),
      service({ namespace: NAMESPACE, name: 'card-tokenizer', ports: [[80, 'http', 8443]] }),
    ],
    externals: [
      {
        host: BANK,
        port: 80,
        protocol: 'http',
        registered: true,
        latencyMs: { median: 62, p99: 240 },
        errorRatio: 0,
      },
      {
        host: BANK,
        port: 443,
        protocol: 'https',
        registered: true,
        latencyMs: { median: 62, p99: 240 },
        errorRatio: 0,
      },
      {
        host: 'geo.ipintel.example',
        port: 443,
        protocol: 'https',
        registered: false,
        latencyMs: { median: 28, p99: 110 },
        errorRatio: 0,
      },
    ],
    entries: [
      ...entries({
        id: 'payments-merchants',
        to: 'istio-system/istio-ingressgateway:80',
        host: HOST,
        rates: { 'POST /v1/payments': 3.2, 'GET /v1/payments/42': 3, 'GET /v1/methods': 1.6 },
        dayAmplitude: 0.35,
      }),
      ...entries({
        id: 'pos-terminal',
        from: 'legacy/pos-terminal',
        to: 'payments/payments-api:80',
        rates: { 'POST /v1/payments': 2.4, 'GET /v1/methods': 0.8 },
        dayAmplitude: 0.5,
      }),
      ...entries({
        id: 'batch-reports',
        from: 'legacy/batch-reports',
        to: LEDGER,
        rates: { 'GET /reports/daily': 1.5 },
        dayAmplitude: 0.1,
      }),
      ...entries({
        id: 'reconciliation',
        from: 'payments/reconciliation',
        to: LEDGER,
        rates: { 'GET /reports/daily': 1.4, 'GET /entries': 2.6 },
        dayAmplitude: 0,
      }),
      ...entries({
        id: 'reconciliation-books',
        from: 'payments/reconciliation',
        to: 'payments/ledger-db:5432',
        rates: { '': 3 },
        dayAmplitude: 0,
      }),
      ...entries({
        id: 'hsm-bridge',
        from: 'legacy/hsm-bridge',
        to: 'payments/vault-proxy:8201',
        rates: { '': 0.8 },
        dayAmplitude: 0,
      }),
    ],
    objects: paymentsConfig(HOST, BANK),
  }
}

function api(): WorkloadPlan {
  return workload({
    namespace: NAMESPACE,
    name: 'payments-api',
    app: 'payments-api',
    version: 'v1',
    replicas: 3,
    image: 'ghcr.io/example/payments-api:7.12.1',
    tracer: 'go',
    endpoints: [
      http('POST /v1/payments', {
        port: 8080,
        latencyMs: [8, 36],
        bytes: [910, 480],
        calls: [
          callGrpc('payments/fraud-check:9000', 'payments.FraudCheck/Score'),
          call('payments/card-tokenizer:80', 'POST /tokens', 0.8),
          call('payments/vault-proxy:8200', 'POST /v1/transit/sign', 0.5),
          call(LEDGER, 'POST /entries'),
          call('payments/settlement:8080', 'POST /settlements', 0.3, { required: false }),
        ],
      }),
      http('GET /v1/payments/42', {
        port: 8080,
        latencyMs: [4, 18],
        bytes: [430, 720],
        clientErrorRatio: 0.03,
        calls: [call(LEDGER, 'GET /entries')],
      }),
      http('GET /v1/methods', { port: 8080, latencyMs: [2, 9], bytes: [410, 1_260] }),
    ],
  })
}

function ledger(): WorkloadPlan {
  const database = (times: number) => call('payments/ledger-db:5432', '', times)
  const mainframe: CallSpec = call('legacy/mainframe-adapter:9090', 'POST /journal', 0.4, { required: false })
  return workload({
    namespace: NAMESPACE,
    name: 'ledger',
    app: 'ledger',
    version: 'v1',
    replicas: 2,
    image: 'ghcr.io/example/ledger:3.5.2',
    helpers: [{ name: 'audit-forwarder', image: 'ghcr.io/example/audit-forwarder:1.2.0' }],
    endpoints: [
      http('POST /entries', {
        port: 8080,
        latencyMs: [5, 24],
        bytes: [690, 190],
        calls: [database(2), mainframe],
      }),
      http('GET /entries', { port: 8080, latencyMs: [3, 13], bytes: [380, 870], calls: [database(1)] }),
      http('GET /reports/daily', {
        port: 8080,
        latencyMs: [35, 160],
        bytes: [360, 48_000],
        calls: [database(3)],
      }),
    ],
  })
}

function fraudCheck(version: string, replicas: number, ageDays: number): WorkloadPlan {
  return workload({
    namespace: NAMESPACE,
    app: 'fraud-check',
    version,
    replicas,
    ageDays,
    image: `ghcr.io/example/fraud-check:${version === 'v1' ? '1.9.0' : '2.0.0-rc.2'}`,
    endpoints: [
      grpc('payments.FraudCheck/Score', {
        port: 9000,
        latencyMs: version === 'v1' ? [7, 31] : [5, 22],
        bytes: [520, 64],
        calls: [call('geo.ipintel.example:443', '', 0.25, { required: false })],
      }),
    ],
  })
}
