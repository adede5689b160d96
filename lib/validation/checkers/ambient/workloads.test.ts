import {
  authorizationPolicy,
  checks,
  deployment,
  k8sGateway,
  namespace,
  pod,
} from '@/tests/support/checkers/checks'
import { ambientWorkloads } from './workloads'

const MODE = 'istio.io/dataplane-mode'
const USE = 'istio.io/use-waypoint'
const INJECT = 'sidecar.istio.io/inject'
const ambient = namespace('shop', { [MODE]: 'ambient' })
const web = (labels: object) => deployment('shop/web', { template: { metadata: { labels } } })
const at = (label: string) => [`Deployment shop/web spec.template.metadata.labels["${label}"]`]
const sidecar = { containers: [{ name: 'app' }, { name: 'istio-proxy', image: 'proxyv2' }] }
const redirected = { annotations: { 'ambient.istio.io/redirection': 'enabled' } }
const gate = k8sGateway('shop/gate', {})
const policy = authorizationPolicy('shop/p', { rules: [{ to: [{ operation: { paths: ['/a'] } }] }] })

checks(ambientWorkloads, {
  KIA1311: {
    fires: { 'both labels': { objects: [web({ [MODE]: 'ambient', [INJECT]: 'true' })], at: at(INJECT) } },
    silent: {
      'one label': {
        objects: [
          web({ [MODE]: 'ambient' }),
          deployment('shop/b', { template: { metadata: { labels: { [INJECT]: 'true' } } } }),
        ],
      },
    },
  },
  KIA1312: {
    fires: { 'a waypoint outside': { objects: [gate, web({ [USE]: 'gate' })], at: at(USE) } },
    silent: {
      'a waypoint in ambient mode, or none': { objects: [ambient, gate, web({ [USE]: 'gate' })] },
      none: { objects: [web({ [USE]: 'none' })] },
    },
  },
  KIA1313: {
    fires: { 'a waypoint that is not there': { objects: [ambient, web({ [USE]: 'gate' })], at: at(USE) } },
    silent: { 'a waypoint': { objects: [ambient, gate, web({ [USE]: 'gate' })] } },
  },
  KIA1314: {
    fires: {
      'a label and the node’s proxy': {
        objects: [pod('shop/a', { [INJECT]: 'true' }, {}, redirected)],
        at: [`Pod shop/a metadata.labels["${INJECT}"]`],
      },
    },
    silent: { 'the node’s proxy alone': { objects: [pod('shop/a', {}, {}, redirected)] } },
  },
  KIA1315: {
    fires: {
      'a sidecar and a label': {
        objects: [pod('shop/a', { [MODE]: 'ambient' }, sidecar)],
        at: [`Pod shop/a metadata.labels["${MODE}"]`],
      },
    },
    silent: { 'a label alone': { objects: [pod('shop/a', { [MODE]: 'ambient' })] } },
  },
  KIA1316: {
    fires: { 'a sidecar': { objects: [ambient, pod('shop/a', {}, sidecar)], at: ['Pod shop/a'] } },
    silent: {
      'a gateway, a pod that refuses, one without': {
        objects: [
          ambient,
          pod('shop/a', {}, { containers: [{ name: 'istio-proxy', image: 'p' }] }),
          pod('shop/b', { [MODE]: 'none' }, sidecar),
          pod('shop/c'),
        ],
      },
    },
  },
  KIA1317: {
    fires: {
      'rules about requests': {
        objects: [ambient, policy, web({ app: 'web' })],
        at: ['Deployment shop/web'],
      },
    },
    silent: {
      'a waypoint of the namespace': {
        objects: [namespace('shop', { [MODE]: 'ambient', [USE]: 'gate' }), policy, web({})],
      },
      'no such rules': { objects: [ambient, web({})] },
    },
  },
})
