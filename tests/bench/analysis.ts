/**
 * How long analysis takes for a cluster of 10,000 objects: from nothing, and after one edit.
 * Alone: node --conditions=react-server --import tsx tests/bench/analysis.ts
 */
import { performance } from 'node:perf_hooks'
import { pathToFileURL } from 'node:url'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { createIncremental } from '@/lib/validation/incremental/incremental'
import { LIVE_CHECKERS } from '@/lib/validation/live-checkers'
import { UNOBSERVED, type Observed } from '@/lib/validation/observed'
import { asFields } from '@/lib/validation/read'
import { readMeshSettings } from '@/lib/validation/world'
import { median, table, type Row } from './report'

const SERVICES = 1_330
const NAMESPACES = 40
const RUNS = 5
const EDITS = 20

const settings = readMeshSettings(null)

function make(kind: string, apiVersion: string, namespace: string, name: string, rest: object): ConfigObject {
  return {
    apiVersion,
    kind,
    ...rest,
    metadata: { namespace, name, ...(rest as { metadata?: object }).metadata },
  }
}

const ISTIO = 'networking.istio.io/v1'
const SECURITY = 'security.istio.io/v1'

/** Of every service: itself, its account, deployment, two pods, a route and a rule; every tenth has a flaw. */
function makeObjects(): ConfigObject[] {
  const namespaces = Array.from({ length: NAMESPACES }, (_, at) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: `ns-${at}`, labels: { 'istio-injection': 'enabled' } },
  }))
  const policies = namespaces.flatMap(({ metadata: { name } }) => [
    make('PeerAuthentication', SECURITY, name, 'default', { spec: { mtls: { mode: 'STRICT' } } }),
    make('Sidecar', ISTIO, name, 'default', { spec: { egress: [{ hosts: ['./*', 'istio-system/*'] }] } }),
  ])
  const perService = Array.from({ length: SERVICES }, (_, at) => objectsOfService(at)).flat()
  return [...namespaces, ...policies, ...perService]
}

function objectsOfService(at: number): ConfigObject[] {
  const name = `service-${at}`
  const namespace = `ns-${at % NAMESPACES}`
  const labels = { app: name, version: 'v1' }
  const subset = at % 10 === 0 ? 'v9' : 'v1'
  const containers = [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }] }]
  const sidecar = { name: 'istio-proxy', image: 'proxyv2:1' }
  const pods = [1, 2].map((pod) =>
    make('Pod', 'v1', namespace, `${name}-${pod}`, {
      metadata: { labels },
      spec: { serviceAccountName: name, containers: [...containers, sidecar] },
    }),
  )
  return [
    make('Service', 'v1', namespace, name, {
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    }),
    make('ServiceAccount', 'v1', namespace, name, {}),
    make('Deployment', 'apps/v1', namespace, name, {
      spec: { template: { metadata: { labels }, spec: { serviceAccountName: name, containers } } },
    }),
    ...pods,
    make('VirtualService', ISTIO, namespace, name, {
      spec: {
        hosts: [name],
        http: [
          { match: [{ uri: { prefix: '/v2' } }], route: [{ destination: { host: name, subset: 'v1' } }] },
          {
            route: [{ destination: { host: name, subset }, weight: 100 }],
            timeout: '5s',
            retries: { attempts: 2 },
          },
        ],
      },
    }),
    make('DestinationRule', ISTIO, namespace, name, {
      spec: {
        host: name,
        trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 } },
        subsets: [{ name: 'v1', labels: { version: 'v1' } }],
      },
    }),
    ...(at % 2 === 0
      ? [
          make('AuthorizationPolicy', SECURITY, namespace, name, {
            spec: {
              selector: { matchLabels: { app: name } },
              rules: [
                {
                  from: [{ source: { principals: [`cluster.local/ns/${namespace}/sa/${name}`] } }],
                  to: [{ operation: { methods: ['GET'], paths: ['/a/*'] } }],
                },
              ],
            },
          }),
        ]
      : []),
  ]
}

/** Meshes in which a rule about traffic concerns every service. */
const HARDSHIPS = {
  refused: {
    words: 'a policy of the mesh allowing nothing',
    make: (objects: readonly ConfigObject[]) => [
      ...objects,
      make('AuthorizationPolicy', SECURITY, settings.rootNamespace, 'nothing', { spec: {} }),
    ],
  },
  refusedTls: {
    words: 'every destination rule with TLS that a policy of the mesh refuses',
    make: (objects: readonly ConfigObject[]) => [
      ...objects
        .filter(({ kind }) => kind !== 'PeerAuthentication')
        .map((object) =>
          object.kind === 'DestinationRule'
            ? { ...object, spec: { ...asFields(object.spec), trafficPolicy: { tls: { mode: 'DISABLE' } } } }
            : object,
        ),
      make('PeerAuthentication', SECURITY, settings.rootNamespace, 'default', {
        spec: { mtls: { mode: 'STRICT' } },
      }),
    ],
  },
}

/** Every service is asked. */
function allAsked(): Observed {
  return {
    ...UNOBSERVED,
    windowSeconds: 300,
    latencies: Array.from({ length: SERVICES }, (_, at) => ({
      namespace: `ns-${at % NAMESPACES}`,
      service: `service-${at}`,
      p99Ms: 5,
      requests: 1_000,
    })),
  }
}

function time(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

/** An edit as the API server tells of it: a new object in the place of the old one. */
function edited(objects: readonly ConfigObject[], kind: string, turn: number): ConfigObject[] {
  const places = objects.flatMap((object, at) => (object.kind === kind ? [at] : []))
  const place = places[(turn * 37) % places.length] ?? 0
  return objects.map((object, at) =>
    at === place
      ? { ...object, metadata: { ...object.metadata, annotations: { turn: String(turn) } } }
      : object,
  )
}

const EDITED = [
  'VirtualService',
  'DestinationRule',
  'Service',
  'Pod',
  'AuthorizationPolicy',
  'PeerAuthentication',
]

/** After one edit of each kind, once everything is known. */
function measureEdits(mesh: 'ordinary' | keyof typeof HARDSHIPS, objects: ConfigObject[]): Row {
  const options = { now: 0, observed: mesh === 'ordinary' ? null : allAsked() }
  const analyzer = createIncremental(LIVE_CHECKERS)
  const { length: found } = analyzer.update(objects, settings, options)
  let current = objects
  const worst = EDITED.map((kind) => {
    const times = Array.from({ length: EDITS }, (_, turn) => {
      current = edited(current, kind, turn)
      const next = current
      return time(() => analyzer.update(next, settings, options))
    })
    return { kind, ms: median(times) }
  })
  const slowest = worst.reduce((a, b) => (a.ms >= b.ms ? a : b))
  return {
    what: `analysis after one edit among ${objects.length.toLocaleString('en')} objects${mesh === 'ordinary' ? '' : `, ${HARDSHIPS[mesh].words}`}`,
    measured: slowest.ms,
    budget: 50,
    unit: 'ms',
    note: `median of ${EDITS} edits, of the dearest kind; ${worst.map(({ kind, ms }) => `${kind} ${Math.round(ms * 10) / 10}`).join(', ')}${mesh === 'ordinary' ? '' : `; ${found} findings`}`,
  }
}

export function measureAnalysis(): Row[] {
  const objects = makeObjects()
  const whole: number[] = []
  let found = 0
  for (let run = 0; run < RUNS; run++) {
    // as they come from the API server: nothing is remembered of them
    const fresh = objects.map((object) => ({ ...object }))
    whole.push(
      time(() => (found = createIncremental(LIVE_CHECKERS).update(fresh, settings, { now: 0 }).length)),
    )
  }
  return [
    {
      what: `analysis of ${objects.length.toLocaleString('en')} objects from nothing`,
      measured: Math.max(...whole),
      budget: 2_000,
      unit: 'ms',
      note: `slowest of ${RUNS} runs; median ${Math.round(median(whole))} ms; ${found} findings`,
    },
    measureEdits('ordinary', objects),
    ...(['refused', 'refusedTls'] as const).map((mesh) => measureEdits(mesh, HARDSHIPS[mesh].make(objects))),
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(table(measureAnalysis()))
