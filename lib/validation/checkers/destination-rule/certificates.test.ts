import { checks, destinationRule } from '@/tests/support/checkers/checks'
import { certificates } from './certificates'

const rule = (tls: object, rest: object = {}) =>
  destinationRule('shop/db', { host: 'db', trafficPolicy: { tls }, ...rest })
const onPort = (tls: object, rest: object = {}) =>
  destinationRule('shop/db', {
    host: 'db',
    trafficPolicy: {
      portLevelSettings: [
        { port: { number: 1 }, tls: { mode: 'DISABLE' } },
        { port: { number: 2 }, tls },
      ],
    },
    ...rest,
  })
const selected = { workloadSelector: { matchLabels: { app: 'a' } } }

checks(certificates, {
  IST0128: {
    fires: {
      'SIMPLE without a CA': {
        objects: [rule({ mode: 'SIMPLE' })],
        at: ['DestinationRule shop/db spec.trafficPolicy.tls.mode'],
      },
      'MUTUAL without a CA': {
        objects: [rule({ mode: 'MUTUAL' })],
        at: ['DestinationRule shop/db spec.trafficPolicy.tls.mode'],
      },
      'credentials that sidecars do not read': {
        objects: [rule({ mode: 'SIMPLE', credentialName: 'x' })],
        at: ['DestinationRule shop/db spec.trafficPolicy.tls.mode'],
      },
    },
    silent: {
      'a CA': { objects: [rule({ mode: 'SIMPLE', caCertificates: '/ca.pem' })] },
      'other modes': { objects: [rule({ mode: 'ISTIO_MUTUAL' }), rule({ mode: 'DISABLE' }), rule({})] },
      'credentials of a selected workload': {
        objects: [rule({ mode: 'SIMPLE', credentialName: 'x' }, selected)],
      },
    },
  },
  IST0129: {
    fires: {
      'a port without a CA': {
        objects: [onPort({ mode: 'SIMPLE' })],
        at: ['DestinationRule shop/db spec.trafficPolicy.portLevelSettings[1].tls.mode'],
      },
    },
    silent: {
      'a port with a CA': { objects: [onPort({ mode: 'MUTUAL', caCertificates: '/ca.pem' })] },
      'credentials of a selected workload': {
        objects: [onPort({ mode: 'SIMPLE', credentialName: 'x' }, selected)],
      },
      'a rule without ports': { objects: [rule({ mode: 'SIMPLE' })] },
    },
  },
})
