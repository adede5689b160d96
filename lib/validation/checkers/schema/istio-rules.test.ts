import {
  authorizationPolicy,
  checks,
  envoyFilter,
  k8sGateway,
  virtualService,
} from '@/tests/support/checkers/checks'
import { istioRules } from './istio-rules'

const good = virtualService('shop/a', { hosts: ['a'], http: [{ route: [{ destination: { host: 'a' } }] }] })

checks(istioRules, {
  IST0106: {
    fires: {
      'what istiod refuses': {
        objects: [virtualService('shop/a', { hosts: ['a'] })],
        at: ['VirtualService shop/a spec'],
      },
      'a trial of what cannot be tried': {
        objects: [{ ...good, metadata: { ...good.metadata, annotations: { 'istio.io/dry-run': 'true' } } }],
        at: ['VirtualService shop/a metadata.annotations["istio.io/dry-run"]'],
      },
    },
    silent: {
      'what it takes': { objects: [good] },
      'a kind of the same name of another group': { objects: [k8sGateway('shop/a', {})] },
    },
  },
  IST0133: {
    fires: {
      'what istiod warns about': {
        objects: [
          authorizationPolicy('shop/a', {
            action: 'DENY',
            rules: [{ to: [{ operation: { methods: ['GET'] } }] }],
          }),
        ],
        at: ['AuthorizationPolicy shop/a spec.rules[0]'],
      },
      'every EnvoyFilter': { objects: [envoyFilter('shop/a', {})], at: ['EnvoyFilter shop/a spec'] },
    },
    silent: { 'what it takes': { objects: [good] } },
  },
})
