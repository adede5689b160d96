import { GRPCRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/GRPCRoute'
import { HTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute'
import { Gateway as K8sGateway } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/Gateway'
import { GatewayClass } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/GatewayClass'
import { DestinationRule } from '@kubernetes-models/istio/networking.istio.io/v1/DestinationRule'
import { Gateway } from '@kubernetes-models/istio/networking.istio.io/v1/Gateway'
import { ServiceEntry } from '@kubernetes-models/istio/networking.istio.io/v1/ServiceEntry'
import { Sidecar } from '@kubernetes-models/istio/networking.istio.io/v1/Sidecar'
import { VirtualService } from '@kubernetes-models/istio/networking.istio.io/v1/VirtualService'
import { AuthorizationPolicy } from '@kubernetes-models/istio/security.istio.io/v1/AuthorizationPolicy'
import { PeerAuthentication } from '@kubernetes-models/istio/security.istio.io/v1/PeerAuthentication'
import { RequestAuthentication } from '@kubernetes-models/istio/security.istio.io/v1/RequestAuthentication'
import { Telemetry } from '@kubernetes-models/istio/telemetry.istio.io/v1/Telemetry'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import type { CallSpec, KubernetesObject, World } from '@/lib/demo/model'
import { createWorld } from './create-world'

const validated = {
  'gateway.networking.k8s.io/v1/Gateway': K8sGateway,
  'gateway.networking.k8s.io/v1/GatewayClass': GatewayClass,
  'gateway.networking.k8s.io/v1/GRPCRoute': GRPCRoute,
  'gateway.networking.k8s.io/v1/HTTPRoute': HTTPRoute,
  'networking.istio.io/v1/DestinationRule': DestinationRule,
  'networking.istio.io/v1/Gateway': Gateway,
  'networking.istio.io/v1/ServiceEntry': ServiceEntry,
  'networking.istio.io/v1/Sidecar': Sidecar,
  'networking.istio.io/v1/VirtualService': VirtualService,
  'security.istio.io/v1/AuthorizationPolicy': AuthorizationPolicy,
  'security.istio.io/v1/PeerAuthentication': PeerAuthentication,
  'security.istio.io/v1/RequestAuthentication': RequestAuthentication,
  'telemetry.istio.io/v1/Telemetry': Telemetry,
}

const world = createWorld()
const synthetic = createWorld({ services: 300, seed: 5 })

describe.each([
  ['hand-made', world],
  ['synthetic', synthetic],
])('the %s world', (_, made) => {
  it('calls only what exists, on a port and path that every selected workload answers', () => {
    for (const caller of made.workloads) {
      for (const endpoint of caller.endpoints) for (const call of endpoint.calls) expectAnswered(made, call)
    }
    for (const entry of made.entries) {
      if (entry.host === undefined) expectAnswered(made, entry)
    }
  })

  it('selects at least one workload by every service', () => {
    for (const service of made.services) expect(selected(made, service), service.name).not.toEqual([])
  })

  it('gives entries a source that exists, a rate, and an id of their own', () => {
    const workloads = new Set(made.workloads.map((w) => `${w.cluster}/${w.namespace}/${w.name}`))
    expect(new Set(made.entries.map((entry) => entry.id)).size).toBe(made.entries.length)
    for (const { source, requestsPerSecond } of made.entries) {
      expect(requestsPerSecond).toBeGreaterThan(0)
      if (source !== null) {
        expect(workloads).toContain(`${source.cluster}/${source.namespace}/${source.workload}`)
      }
    }
  })

  it('holds objects that pass the schemas of their CRDs', () => {
    const problems = made.objects.flatMap(schemaProblems)
    expect(problems).toEqual([])
    const rule = getObject(made, 'GatewayClass', undefined, 'istio')
    expect(schemaProblems({ ...rule, spec: { controllerName: 7 } })).toHaveLength(1)
  })

  it('gives every object a uid and a time of its own', () => {
    const uids = new Set(made.objects.map(({ metadata }) => metadata.uid))
    expect(uids.size).toBe(made.objects.length)
    for (const { metadata } of made.objects) {
      expect(metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    }
  })

  it('has an object at home for every workload, service and account, with the same labels', () => {
    for (const workload of made.workloads.filter(({ cluster }) => cluster === made.homeCluster)) {
      const owner = getObject(made, workload.kind, workload.namespace, workload.name)
      const { selector, template } = workloadShape.parse(owner.spec)
      expect(template.metadata.labels).toEqual(workload.labels)
      expect(template.metadata.labels).toMatchObject(selector.matchLabels)
      expect(template.spec.serviceAccountName).toBe(workload.serviceAccount)
      getObject(made, 'ServiceAccount', workload.namespace, workload.serviceAccount)
      getObject(made, 'Namespace', undefined, workload.namespace)
    }
    for (const service of made.services) {
      const object = getObject(made, 'Service', service.namespace, service.name)
      expect(z.object({ selector: z.record(z.string(), z.string()) }).parse(object.spec).selector).toEqual(
        service.selector,
      )
    }
  })

  it('gives every Deployment a selector that no other workload of its namespace matches', () => {
    const seen = new Set<string>()
    for (const object of made.objects.filter(({ kind }) => kind === 'Deployment')) {
      const { selector } = workloadShape.parse(object.spec)
      const pods = made.workloads.filter(
        (w) =>
          w.cluster === made.homeCluster &&
          w.namespace === object.metadata.namespace &&
          matches(selector.matchLabels, w.labels),
      )
      expect(pods.map(({ name }) => name)).toEqual([object.metadata.name])
      seen.add(object.metadata.name)
    }
    expect(seen.size).toBeGreaterThan(30)
  })

  it('routes to hosts that exist and to subsets that select a workload behind them', () => {
    for (const { host, subset, namespace, path } of routed(made)) {
      const target = findHost(made, host, namespace)
      expect(target, `${path}: ${host}`).not.toBeNull()
      if (subset === undefined || target === null || 'host' in target) continue
      const rules = made.objects.filter(
        ({ kind, spec }) =>
          kind === 'DestinationRule' &&
          JSON.stringify(findHost(made, ruleShape.parse(spec).host, namespace)) === JSON.stringify(target),
      )
      const labels = rules
        .flatMap((rule) => ruleShape.parse(rule.spec).subsets ?? [])
        .find(({ name }) => name === subset)?.labels
      expect(labels, `${path}: ${subset}`).toBeDefined()
      const service = getService(made, target.namespace, target.service)
      expect(selected(made, service).some((w) => matches(labels ?? {}, w.labels))).toBe(true)
    }
  })

  it('opens every host that enters through a gateway', () => {
    const hosts = made.objects
      .filter(({ kind }) => kind === 'Gateway')
      .flatMap(({ spec }) => {
        const { servers = [], listeners = [] } = gatewayShape.parse(spec)
        return [
          ...servers.flatMap((server) => server.hosts),
          ...listeners.map(({ hostname = '' }) => hostname),
        ]
      })
    const entering = made.entries.flatMap(({ host }) => (host === undefined ? [] : [host]))
    expect(entering.length).toBeGreaterThan(3)
    for (const host of entering) {
      const open = hosts.some(
        (known) => known === host || (known[0] === '*' && host.endsWith(known.slice(1))),
      )
      expect(open, host).toBe(true)
    }
  })

  it('fails no request by itself', () => {
    for (const { endpoints } of made.workloads) {
      for (const { errorRatio, clientErrorRatio = 0, latencyMs } of endpoints) {
        expect(errorRatio).toBe(0)
        expect(clientErrorRatio).toBeLessThan(0.05)
        expect(latencyMs.p99).toBeGreaterThan(latencyMs.median)
      }
    }
    expect(made.externals.every(({ errorRatio }) => errorRatio === 0)).toBe(true)
  })
})

describe('the hand-made world', () => {
  it('is the same for the same options, and dates its objects from the moment given', () => {
    expect(createWorld()).toEqual(world)
    const later = createWorld({ now: Date.UTC(2026, 5, 1) })
    expect(later.entries).toEqual(world.entries)
    expect(later.objects[0]?.metadata.creationTimestamp).not.toBe(
      world.objects[0]?.metadata.creationTimestamp,
    )
    expect(createWorld({ seed: 2 }).objects[0]?.metadata.uid).not.toBe(world.objects[0]?.metadata.uid)
  })

  it('carries about as much at the edge as the figures it was planned with', () => {
    const rateInto = (namespace: string, host: string) =>
      world.entries
        .filter(
          (entry) =>
            // runs between pauses are no part of the edge
            entry.source?.workload !== 'reconciliation' &&
            (entry.host === host || ('service' in entry.target && entry.target.namespace === namespace)),
        )
        .reduce((sum, entry) => sum + entry.requestsPerSecond, 0)
    expect(rateInto('bookinfo', 'bookinfo.example.com')).toBeCloseTo(20, 0)
    expect(Math.round(rateInto('boutique', 'shop.example.com') / 10)).toBe(5)
    expect(Math.round(rateInto('payments', 'pay.example.com'))).toBe(13)
    expect(Math.round(rateInto('inventory', 'stock.example.com'))).toBe(10)
  })

  it('knows the second cluster from workloads alone', () => {
    const west = world.workloads.filter(({ cluster }) => cluster === 'west').map(({ name }) => name)
    expect(west).toEqual(['currencyservice', 'partner-api'])
    expect(world.objects.some(({ metadata }) => metadata.name === 'partner-api')).toBe(false)
    const currency = getService(world, 'boutique', 'currencyservice')
    expect(selected(world, currency).map(({ cluster }) => cluster)).toEqual(['east', 'west'])
  })

  it('holds every data plane, gateway role and kind of workload', () => {
    const all = <T>(read: (w: World['workloads'][number]) => T) => new Set(world.workloads.map(read))
    expect(all((w) => w.dataPlane)).toEqual(new Set(['sidecar', 'ambient', 'none']))
    expect(all((w) => w.role)).toEqual(
      new Set([undefined, 'istiod', 'ingressGateway', 'egressGateway', 'waypoint', 'ztunnel']),
    )
    expect(all((w) => w.kind)).toEqual(new Set(['Deployment', 'StatefulSet', 'DaemonSet']))
  })

  it('says in the mesh configuration what the engine assumes', () => {
    const { data } = z
      .object({ data: z.object({ mesh: z.string() }) })
      .parse(getObject(world, 'ConfigMap', 'istio-system', 'istio'))
    expect(parse(data.mesh)).toMatchObject({
      enableAutoMtls: true,
      trustDomain: world.trustDomain,
      rootNamespace: world.rootNamespace,
      outboundTrafficPolicy: { mode: 'ALLOW_ANY' },
    })
  })

  it('leaves callers without a proxy to payments alone', () => {
    const plain = world.workloads.filter(({ dataPlane }) => dataPlane === 'none').map((w) => w.name)
    const callers = world.entries.filter(({ source }) => source !== null && plain.includes(source.workload))
    expect(callers.length).toBeGreaterThan(2)
    for (const { target } of callers) expect(target).toMatchObject({ namespace: 'payments' })
  })
})

const labels = z.record(z.string(), z.string())
const workloadShape = z.object({
  selector: z.object({ matchLabels: labels }),
  template: z.object({ metadata: z.object({ labels }), spec: z.object({ serviceAccountName: z.string() }) }),
})
const ruleShape = z.object({
  host: z.string(),
  subsets: z.array(z.object({ name: z.string(), labels })).optional(),
})
const gatewayShape = z.object({
  servers: z.array(z.object({ hosts: z.array(z.string()) })).optional(),
  listeners: z.array(z.object({ hostname: z.string().optional() })).optional(),
})
const destination = z.object({ host: z.string(), subset: z.string().optional() })
const routeShape = z.object({
  http: z.array(
    z.object({
      route: z.array(z.object({ destination })),
      mirror: destination.optional(),
    }),
  ),
})

function schemaProblems(object: KubernetesObject): string[] {
  if (/^(v1|apps\/v1)$/.test(object.apiVersion)) return []
  const key = `${object.apiVersion}/${object.kind}`
  const Model = validated[key as keyof typeof validated]
  if (Model === undefined) return [`${key} has no schema here`]
  try {
    // the models' constructors take exact literal types; what is checked here is the schema at run time
    new (Model as unknown as new (value: unknown) => { validate(): void })(object).validate()
    return []
  } catch (error) {
    return [`${key} ${object.metadata.name}: ${String(error)}`]
  }
}

function matches(selector: Record<string, string>, podLabels: Record<string, string>): boolean {
  return Object.entries(selector).every(([key, value]) => podLabels[key] === value)
}

function selected(made: World, service: World['services'][number]) {
  return made.workloads.filter(
    (w) => w.namespace === service.namespace && matches(service.selector, w.labels),
  )
}

function getObject(made: World, kind: string, namespace: string | undefined, name: string): KubernetesObject {
  const found = made.objects.find(
    (o) => o.kind === kind && o.metadata.namespace === namespace && o.metadata.name === name,
  )
  if (found === undefined) throw new Error(`no ${kind} ${namespace ?? ''}/${name}`)
  return found
}

function getService(made: World, namespace: string, name: string): World['services'][number] {
  const found = made.services.find((s) => s.namespace === namespace && s.name === name)
  if (found === undefined) throw new Error(`no service ${namespace}/${name}`)
  return found
}

function expectAnswered(made: World, call: Pick<CallSpec, 'target' | 'port' | 'method' | 'path'>): void {
  const { target, port } = call
  if ('host' in target) {
    expect(
      made.externals.some((e) => e.host === target.host && e.port === port),
      `${target.host}:${port}`,
    ).toBe(true)
    return
  }
  const service = getService(made, target.namespace, target.service)
  const servicePort = service.ports.find((p) => p.port === port)
  expect(servicePort, `${target.namespace}/${target.service}:${port}`).toBeDefined()
  for (const workload of selected(made, service)) {
    const endpoint = workload.endpoints.find(
      (e) => e.port === servicePort?.targetPort && e.method === call.method && e.path === call.path,
    )
    expect(endpoint?.protocol, `${workload.name} ${call.method} ${call.path}`).toBe(servicePort?.protocol)
  }
}

function routed(made: World) {
  return made.objects
    .filter(({ kind }) => kind === 'VirtualService')
    .flatMap(({ metadata, spec }) =>
      routeShape
        .parse(spec)
        .http.flatMap(({ route, mirror }) => [
          ...route.map((r) => r.destination),
          ...(mirror === undefined ? [] : [mirror]),
        ])
        .map((to) => ({ ...to, namespace: metadata.namespace ?? '', path: metadata.name })),
    )
}

function findHost(made: World, host: string, namespace: string) {
  const [service, ns = namespace] = host.split('.')
  const found = made.services.find((s) => s.name === service && s.namespace === ns)
  if (found !== undefined) return { namespace: found.namespace, service: found.name }
  const external = made.externals.find((e) => e.host === host && e.registered)
  return external === undefined ? null : { host: external.host }
}
