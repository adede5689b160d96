import { checks, peerAuthentication } from '@/tests/support/checkers/checks'
import { NOTHING_OBSERVED } from '@/tests/support/checkers/observed'
import { plaintextCallers } from './plaintext'

const observed = {
  observed: {
    ...NOTHING_OBSERVED,
    plaintext: [
      {
        namespace: 'shop',
        workload: 'cart',
        labels: { app: 'cart' },
        callers: ['legacy/batch'],
        perSecond: 3,
      },
    ],
  },
}
const policy = (name: string, mode: string, rest: object = {}, age = '2026-01-01T00:00:00Z') =>
  peerAuthentication(name, { mtls: { mode }, ...rest }, { creationTimestamp: age })
const ofCart = { selector: { matchLabels: { app: 'cart' } } }

checks(plaintextCallers, {
  HED0001: {
    fires: {
      'a namespace that is STRICT': {
        objects: [policy('shop/default', 'STRICT')],
        options: observed,
        at: ['PeerAuthentication shop/default spec.mtls.mode'],
      },
      'a mesh that is STRICT, over a namespace that sets nothing': {
        objects: [policy('istio-system/default', 'STRICT'), policy('shop/default', 'UNSET')],
        options: observed,
        at: ['PeerAuthentication istio-system/default spec.mtls.mode'],
      },
      'a policy of the workload': {
        objects: [policy('shop/cart', 'STRICT', ofCart), policy('shop/default', 'PERMISSIVE')],
        options: observed,
        at: ['PeerAuthentication shop/cart spec.mtls.mode'],
      },
    },
    silent: {
      'nothing measured': { objects: [policy('shop/default', 'STRICT')] },
      'no plain text seen': {
        objects: [policy('shop/default', 'STRICT')],
        options: { observed: { ...NOTHING_OBSERVED, plaintext: [] } },
      },
      'another namespace': { objects: [policy('other/default', 'STRICT')], options: observed },
      'plain text allowed for the workload': {
        objects: [policy('shop/cart', 'PERMISSIVE', ofCart), policy('shop/default', 'STRICT')],
        options: observed,
      },
      'an older policy that allows it': {
        objects: [
          policy('shop/default', 'STRICT'),
          policy('shop/older', 'PERMISSIVE', {}, '2025-01-01T00:00:00Z'),
        ],
        options: observed,
      },
      'ports that differ, which telemetry does not name': {
        objects: [policy('shop/cart', 'STRICT', { ...ofCart, portLevelMtls: { 80: { mode: 'DISABLE' } } })],
        options: observed,
      },
    },
  },
})
