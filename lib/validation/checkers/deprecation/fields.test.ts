import { checks, object, sidecar, virtualService } from '@/tests/support/checkers/checks'
import { deprecatedFields } from './fields'

const definition = (group: string, kind: string) =>
  object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `x.${group}`, { group, names: { kind } })
const delayed = (delay: object) => virtualService('shop/a', { http: [{ fault: { delay } }] })

checks(deprecatedFields, {
  IST0002: {
    fires: {
      'the old percentage of a delay': {
        objects: [delayed({ percent: 5 })],
        at: ['VirtualService shop/a spec.http[0].fault.delay.percent'],
      },
      'the egress proxy of a Sidecar': {
        objects: [sidecar('shop/a', { outboundTrafficPolicy: { egressProxy: { host: 'a' } } })],
        at: ['Sidecar shop/a spec.outboundTrafficPolicy.egressProxy'],
      },
      'a removed kind': {
        objects: [definition('rbac.istio.io', 'ServiceRole')],
        at: ['CustomResourceDefinition x.rbac.istio.io spec.names.kind'],
      },
    },
    silent: {
      'what replaced them': {
        objects: [
          delayed({ percentage: { value: 5 } }),
          delayed({ percent: 0 }),
          sidecar('shop/a', { outboundTrafficPolicy: { mode: 'ALLOW_ANY' } }),
          definition('security.istio.io', 'AuthorizationPolicy'),
        ],
      },
    },
  },
})
