import {
  authorizationPolicy,
  checks,
  namespace,
  object,
  requestAuthentication,
  telemetry,
  type CodeTable,
} from '@/tests/support/checkers/checks'
import { ambientPolicies } from './policies'

const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' }
const bare = namespace('shop', AMBIENT)
const served = namespace('shop', { ...AMBIENT, 'istio.io/use-waypoint': 'waypoint' })
const targets = { targetRefs: [{ kind: 'Service', name: 'a' }] }
const http = { rules: [{ to: [{ operation: { methods: ['GET'] } }] }] }
const make = {
  AuthorizationPolicy: (spec: object) => authorizationPolicy('shop/p', { ...http, ...spec }),
  RequestAuthentication: (spec: object) => requestAuthentication('shop/p', spec),
  WasmPlugin: (spec: object) => object('extensions.istio.io/v1alpha1', 'WasmPlugin', 'shop/p', spec),
  Telemetry: (spec: object) => telemetry('shop/p', { tracing: [{}], ...spec }),
}
type Kind = keyof typeof make

const withoutWaypoint = (kind: Kind): CodeTable => ({
  fires: { 'no waypoint': { objects: [bare, make[kind](targets)], at: [`${kind} shop/p`] } },
  silent: {
    'a waypoint': { objects: [served, make[kind](targets)] },
    'no ambient mode': { objects: [namespace('shop'), make[kind]({})] },
    'rules of addresses': {
      objects: [
        bare,
        authorizationPolicy('shop/p', { rules: [{ from: [{ source: { namespaces: ['a'] } }] }] }),
      ],
    },
  },
})
const withoutTarget = (kind: Kind): CodeTable => ({
  fires: {
    'a selector': { objects: [served, make[kind]({ selector: {} })], at: [`${kind} shop/p spec.selector`] },
    none: { objects: [served, make[kind]({})], at: [`${kind} shop/p`] },
  },
  silent: { 'a target': { objects: [served, make[kind](targets)] } },
})

checks(ambientPolicies, {
  KIA0109: withoutWaypoint('AuthorizationPolicy'),
  KIA0110: withoutTarget('AuthorizationPolicy'),
  KIA1110: withoutWaypoint('RequestAuthentication'),
  KIA1111: withoutWaypoint('WasmPlugin'),
  KIA1112: withoutWaypoint('Telemetry'),
  KIA1115: withoutTarget('RequestAuthentication'),
  KIA1116: withoutTarget('WasmPlugin'),
  KIA1117: withoutTarget('Telemetry'),
})
