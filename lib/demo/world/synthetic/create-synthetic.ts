import { itemAt } from '@/lib/demo/item-at'
import type { CallSpec, EndpointSpec, EntrySpec } from '@/lib/demo/model'
import type { Random } from '@/lib/statistics/random'
import { createRandom } from '@/lib/statistics/random'
import type { Area, ObjectDraft, ServicePlan, WorkloadPlan } from '../build/area'
import { HOME_CLUSTER, ROOT_NAMESPACE, entries, principal, service, workload } from '../build/area'
import { call, grpc, http, tcp } from '../build/calls'
import { authorizationPolicy, destinationRule, istioGateway, virtualService } from '../build/config'
import type { SyntheticFlow } from './flows'
import { createFlows } from './flows'
import { createGraph, namespaceCount } from './graph'
import { nameMaker, namespaceNames, pascalCase } from './names'

const DOMAIN = 'example.com'
const GATEWAY = 'public'
const MOST_REPLICAS = 24
const TCP_PORTS: Record<string, number> = {
  postgres: 5432,
  mysql: 3306,
  redis: 6379,
  kafka: 9092,
  mongo: 27017,
  memcached: 11211,
  rabbitmq: 5672,
  cassandra: 9042,
}

/** A service of the mesh with the names its callers need. */
interface Named extends SyntheticFlow {
  namespace: string
  name: string
  servicePort: number
  port: number
  /** `GET /path` by endpoint, as `http` and `call` take it; empty for TCP */
  requests: string[]
}

/** A mesh of `services` services, fixed by the seed. */
export function createSynthetic(seed: number, services: number): Area {
  const random = createRandom(seed).fork(`synthetic/${services}`)
  const flows = createFlows(random.fork('flows'), createGraph(random.fork('graph'), services))
  const named = nameAll(random.fork('names'), flows)
  const details = random.fork('details')
  return {
    namespaces: [...new Set(named.map(({ namespace }) => namespace))].map((name) => ({
      name,
      labels: { 'istio-injection': 'enabled', team: name },
    })),
    workloads: named.flatMap((each) => workloadsOf(details, each, named)),
    services: named.map(serviceOf),
    entries: named.flatMap((each) => entriesOf(each, named)),
    objects: [publicGateway(), ...named.flatMap((each) => objectsOf(details, each, named))],
  }
}

function nameAll(random: Random, flows: readonly SyntheticFlow[]): Named[] {
  const namespaces = namespaceNames(namespaceCount(flows.length))
  const makeName = nameMaker(random)
  return flows.map((flow) => {
    const { node, endpoints } = flow
    const namespace = itemAt(namespaces, node.namespace)
    const name = makeName(namespace, node.protocol === 'tcp' ? 'tcp' : node.role)
    const kind = name.split('-').pop() ?? ''
    const subject = name.split('-')[0] ?? name
    const port = node.protocol === 'tcp' ? (TCP_PORTS[kind] ?? 5432) : node.protocol === 'grpc' ? 9000 : 8080
    return {
      ...flow,
      namespace,
      name,
      port,
      servicePort: node.protocol === 'http' ? 80 : port,
      requests: endpoints.map((_, index) => requestOf(node.protocol, namespace, name, subject, index)),
    }
  })
}

const HTTP_ACTIONS = ['GET /v1/%s', 'POST /v1/%s', 'GET /v1/%s/list', 'PUT /v1/%s', 'GET /v1/%s/summary']
const GRPC_ACTIONS = ['Get', 'List', 'Update', 'Find', 'Describe']

function requestOf(
  protocol: SyntheticFlow['node']['protocol'],
  namespace: string,
  name: string,
  subject: string,
  index: number,
): string {
  if (protocol === 'tcp') return ''
  if (protocol === 'http') return (HTTP_ACTIONS[index] ?? `GET /v1/%s/${index}`).replace('%s', subject)
  const method = GRPC_ACTIONS[index] ?? `Call${index}`
  return `POST /${namespace.replace(/-/g, '')}.v1.${pascalCase(name)}/${method}`
}

function workloadsOf(random: Random, each: Named, all: readonly Named[]): WorkloadPlan[] {
  const { node, name, namespace } = each
  const isStore = node.protocol === 'tcp'
  const replicas = isStore
    ? random.pick([1, 1, 2, 3])
    : Math.min(MOST_REPLICAS, Math.max(1, Math.round(random.lognormal(2.6, 18))))
  const endpoints = each.endpoints.map((_, index) => endpointOf(random, each, index, all))
  const shared = { namespace, app: name, serviceAccount: name, endpoints }
  const image = isStore
    ? `docker.io/library/${name.split('-').pop() ?? name}:stable`
    : `ghcr.io/example/${name}`
  if (node.versions === 1) {
    return [
      workload({
        ...shared,
        name,
        version: 'v1',
        kind: isStore ? 'StatefulSet' : 'Deployment',
        replicas,
        image: isStore ? image : `${image}:1.${random.int(0, 40)}.${random.int(0, 9)}`,
        ageDays: random.int(2, 80),
      }),
    ]
  }
  const canaryReplicas = Math.max(1, Math.round((replicas * each.canaryWeight) / 100))
  return [
    workload({ ...shared, version: 'v1', replicas, image: `${image}:1.9.0`, ageDays: random.int(20, 80) }),
    workload({
      ...shared,
      version: 'v2',
      replicas: canaryReplicas,
      image: `${image}:2.0.0`,
      ageDays: random.int(1, 6),
    }),
  ]
}

function endpointOf(random: Random, each: Named, index: number, all: readonly Named[]): EndpointSpec {
  const { node } = each
  const typical = node.protocol === 'tcp' ? 0.8 : node.role === 'leaf' ? 2.2 : node.role === 'middle' ? 4 : 9
  const median = Number(random.lognormal(typical, typical * 5).toPrecision(2))
  const working = {
    port: each.port,
    latencyMs: [median, Number((median * (3 + 3 * random.next())).toPrecision(3))] as [number, number],
    bytes: [random.int(120, 900), Math.round(random.lognormal(700, 20_000))] as [number, number],
    calls: callsOf(each, index, all),
  }
  const request = each.requests[index] ?? ''
  if (node.protocol === 'tcp') return tcp(working)
  if (node.protocol === 'grpc') return grpc(request.replace('POST /', ''), working)
  return http(request, working)
}

function callsOf(each: Named, index: number, all: readonly Named[]): CallSpec[] {
  // a worker's calls are entries of their own: nothing asks it
  if (each.node.role === 'worker') return []
  return (each.endpoints[index]?.calls ?? []).map(({ target, targetEndpoint, perRequest, isBack }) => {
    const callee = itemAt(all, target)
    const address = `${callee.namespace}/${callee.name}:${callee.servicePort}`
    const options = isBack ? { required: false } : {}
    return call(address, callee.requests[targetEndpoint] ?? '', perRequest, options)
  })
}

function serviceOf({ namespace, name, servicePort, port, node }: Named): ServicePlan {
  const kind = name.split('-').pop() ?? ''
  const portName = node.protocol === 'tcp' ? `tcp-${kind}` : node.protocol
  return service({ namespace, name, ports: [[servicePort, node.protocol, port, portName]] })
}

function entriesOf(each: Named, all: readonly Named[]): EntrySpec[] {
  const { node, name, namespace, entryRate } = each
  const id = `${namespace}-${name}`
  if (node.role === 'ingress') {
    const share = Number((entryRate / each.requests.length).toPrecision(3))
    return entries({
      id,
      to: `${ROOT_NAMESPACE}/istio-ingressgateway:80`,
      host: publicHost(each),
      rates: Object.fromEntries(each.requests.map((request) => [request, share])),
      dayAmplitude: 0.25,
    })
  }
  if (node.role !== 'worker') return []
  return (each.endpoints[0]?.calls ?? []).flatMap(({ target, targetEndpoint, perRequest }, index) => {
    const callee = itemAt(all, target)
    return entries({
      id: `${id}-${index + 1}`,
      from: `${HOME_CLUSTER}/${namespace}/${name}`,
      to: `${callee.namespace}/${callee.name}:${callee.servicePort}`,
      rates: { [callee.requests[targetEndpoint] ?? '']: Number((entryRate * perRequest).toPrecision(4)) },
      dayAmplitude: 0.05,
    })
  })
}

function publicHost({ name, namespace }: Named): string {
  return `${name}.${namespace}.${DOMAIN}`
}

function publicGateway(): ObjectDraft {
  return istioGateway(ROOT_NAMESPACE, GATEWAY, {
    selector: { istio: 'ingressgateway' },
    servers: [{ port: { number: 8080, name: 'http', protocol: 'HTTP' }, hosts: [`*.${DOMAIN}`] }],
  })
}

function objectsOf(random: Random, each: Named, all: readonly Named[]): ObjectDraft[] {
  const { node, name, namespace, servicePort, canaryWeight } = each
  const objects: ObjectDraft[] = []
  const host = `${name}.${namespace}.svc.cluster.local`
  const routes =
    node.versions === 1
      ? [{ destination: { host, port: { number: servicePort } } }]
      : [
          { destination: { host, subset: 'v1', port: { number: servicePort } }, weight: 100 - canaryWeight },
          { destination: { host, subset: 'v2', port: { number: servicePort } }, weight: canaryWeight },
        ]
  if (node.role === 'ingress') {
    objects.push(
      virtualService(namespace, name, {
        hosts: [publicHost(each)],
        gateways: [`${ROOT_NAMESPACE}/${GATEWAY}`],
        http: [{ route: routes }],
      }),
    )
  } else if (node.versions === 2) {
    objects.push(virtualService(namespace, name, { hosts: [host], http: [{ route: routes }] }))
  }
  const hasBreaker = node.protocol !== 'tcp' && random.chance(0.1)
  if (node.versions === 2 || hasBreaker) {
    objects.push(
      destinationRule(namespace, name, {
        host,
        ...(hasBreaker
          ? {
              trafficPolicy: {
                outlierDetection: { consecutive5xxErrors: 5, interval: '10s', baseEjectionTime: '30s' },
              },
            }
          : {}),
        ...(node.versions === 2
          ? { subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })) }
          : {}),
      }),
    )
  }
  if (node.protocol === 'tcp' && !node.isHub) {
    const principals = node.callers.map((caller) =>
      principal(itemAt(all, caller).namespace, itemAt(all, caller).name),
    )
    objects.push(
      authorizationPolicy(namespace, `${name}-callers`, {
        selector: { matchLabels: { app: name } },
        action: 'ALLOW',
        rules: [{ from: [{ source: { principals } }] }],
      }),
    )
  }
  return objects
}
