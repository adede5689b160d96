import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '@/lib/demo/model'
import { createWorld } from '@/lib/demo/world/create-world'
import { RESOURCE_KINDS, findKind, groupOf, qualifiedKind } from '../kinds'
import type { ResourceKind } from '../kinds'
import { prune } from '../schema/check'
import { schemaOf } from '../schema/schemas'
import { builtinProblems } from './builtin'
import { crdProblems } from './crd'
import { istioProblems } from './istio-admission'
import { metadataProblems } from './metadata'
import { MODELS } from './models'

function object(kind: string, group: string, spec: unknown): KubernetesObject {
  const resource = findKind(kind, group)
  return {
    apiVersion: `${group}/${resource?.versions[0]}`,
    kind,
    metadata: { name: 'x', namespace: 'shop' },
    spec,
  }
}

const NETWORKING = 'networking.istio.io'
const SECURITY = 'security.istio.io'
const GATEWAY = 'gateway.networking.k8s.io'

describe('crdProblems', () => {
  it('knows a validator for every custom kind', async () => {
    const custom = RESOURCE_KINDS.filter((resource) => resource.custom)
    const keys = custom.map((resource) => qualifiedKind(resource.kind, resource.group))
    expect(Object.keys(MODELS).sort()).toEqual(keys.sort())
    for (const resource of custom) {
      expect(await crdProblems(object(resource.kind, resource.group, 7), resource)).not.toEqual([])
    }
  })

  it.each([
    ['VirtualService', NETWORKING, { hosts: 'a' }, 'spec.hosts', 'must be of type array: "string"'],
    [
      'VirtualService',
      NETWORKING,
      { http: [{ route: [{ destination: {} }] }] },
      'spec.http[0].route[0].destination.host',
      'Required value',
    ],
    [
      'DestinationRule',
      NETWORKING,
      { host: 'a', trafficPolicy: { tls: { mode: 'MAYBE' } } },
      'spec.trafficPolicy.tls.mode',
      'Unsupported value: "MAYBE": supported values: "DISABLE"',
    ],
    [
      'VirtualService',
      NETWORKING,
      { http: [{ match: [{ uri: { exact: 'a', prefix: 'b' } }] }] },
      'spec.http[0].match[0].uri',
      'must validate one and only one schema (oneOf)',
    ],
    [
      'PeerAuthentication',
      SECURITY,
      { mtls: { mode: 'strict' } },
      'spec.mtls.mode',
      'Unsupported value: "strict"',
    ],
    ['HTTPRoute', GATEWAY, { hostnames: ['Bad Host'] }, 'spec.hostnames[0]', "should match '^(\\*\\.)?"],
    [
      'HTTPRoute',
      GATEWAY,
      { rules: [{ backendRefs: [{ name: 'a', port: 99_999 }] }] },
      'spec.rules[0].backendRefs[0].port',
      'should be less than or equal to 65535',
    ],
    [
      'HTTPRoute',
      GATEWAY,
      { hostnames: Array.from({ length: 20 }, (_none, n) => `h${n}`) },
      'spec.hostnames',
      'Too many: 20: must have at most 16 items',
    ],
  ])('%s of %s: %j breaks %s', async (kind, group, spec, field, message) => {
    const problems = await crdProblems(object(kind, group, spec), findKind(kind, group) as ResourceKind)
    expect(problems.map((problem) => problem.field)).toContain(field)
    expect(problems.find((problem) => problem.field === field)?.message).toContain(message)
  })
})

describe('istioProblems', () => {
  const route = (fields: Record<string, unknown>) => ({
    hosts: ['a'],
    http: [{ route: [{ destination: { host: 'a' } }], ...fields }],
  })
  const weighted = (...weights: number[]) =>
    route({ route: weights.map((weight) => ({ destination: { host: 'a' }, weight })) })
  it.each([
    ['VirtualService', NETWORKING, weighted(90, 10), []],
    ['VirtualService', NETWORKING, weighted(3, 1), []],
    ['VirtualService', NETWORKING, weighted(110, -10), ['weight -10 < 0']],
    ['VirtualService', NETWORKING, weighted(0, 0), ['total destination weight = 0']],
    ['VirtualService', NETWORKING, weighted(0), []],
    [
      'VirtualService',
      NETWORKING,
      { hosts: ['a'] },
      ['http, tcp or tls must be provided in virtual service'],
    ],
    [
      'VirtualService',
      NETWORKING,
      route({ route: [] }),
      ['HTTP route, redirect or direct_response is required'],
    ],
    [
      'VirtualService',
      NETWORKING,
      route({ redirect: { uri: '/' } }),
      ['HTTP route cannot contain both route and redirect'],
    ],
    [
      'VirtualService',
      NETWORKING,
      route({ timeout: '5s', retries: { attempts: 3, perTryTimeout: '1m30s' } }),
      [],
    ],
    [
      'VirtualService',
      NETWORKING,
      route({ timeout: '5 seconds' }),
      ['bad Duration: time: invalid duration "5 seconds"'],
    ],
    ['VirtualService', NETWORKING, route({ timeout: '1us' }), ['duration must be greater than 1ms']],
    [
      'VirtualService',
      NETWORKING,
      route({ fault: { abort: { httpStatus: 503, percentage: { value: 150 } } } }),
      ['percentage 150.0 is not in range 0..100'],
    ],
    [
      'DestinationRule',
      NETWORKING,
      { host: 'a', subsets: [{ name: 'v1' }, { name: 'v1' }] },
      ['duplicate subset names: v1'],
    ],
    [
      'DestinationRule',
      NETWORKING,
      { host: 'a', trafficPolicy: { outlierDetection: { maxEjectionPercent: 101 } } },
      ['percentage 101 is not in range 0..100'],
    ],
    ['Gateway', NETWORKING, { servers: [] }, ['gateway must have at least one server']],
    ['Gateway', GATEWAY, {}, []],
    ['ServiceEntry', NETWORKING, { hosts: ['*'] }, ['invalid host *']],
    [
      'PeerAuthentication',
      SECURITY,
      { portLevelMtls: { 80: { mode: 'STRICT' } } },
      ['mesh/namespace peer authentication cannot have port level mTLS'],
    ],
    ['AuthorizationPolicy', SECURITY, {}, []],
    ['AuthorizationPolicy', SECURITY, { rules: [{}] }, []],
    ['AuthorizationPolicy', SECURITY, { rules: [{ from: [] }] }, ["'from' cannot be empty, found at rule 0"]],
    ['AuthorizationPolicy', SECURITY, { action: 'CUSTOM' }, ['`provider.name` must not be empty']],
    ['RequestAuthentication', SECURITY, { jwtRules: [{ jwksUri: 'https://a' }] }, ['issuer must be set']],
  ])('%s of %s: %j', (kind, group, spec, expected) => {
    expect(istioProblems(object(kind, group, spec))).toEqual(expected)
  })
})

it('accepts every object of the embedded world, with no field unknown', async () => {
  const { objects } = createWorld()
  expect(objects.length).toBeGreaterThan(100)
  for (const given of objects) {
    const resource = findKind(given.kind, groupOf(given.apiVersion))
    if (resource === undefined) throw new Error(`${given.apiVersion} ${given.kind} is not served`)
    const schema = schemaOf(resource)
    const name = `${given.kind} ${given.metadata.namespace}/${given.metadata.name}`
    const problems = [
      ...metadataProblems(given, resource).map((problem) => `${problem.field}: ${problem.message}`),
      ...(resource.custom
        ? await crdProblems(given, resource)
        : builtinProblems(given, undefined, resource)
      ).map((problem) => `${problem.field}: ${problem.message}`),
      ...istioProblems(given),
      ...(schema === undefined ? ['no schema'] : prune({ ...given }, schema).unknown),
    ]
    expect([name, problems]).toEqual([name, []])
  }
})
