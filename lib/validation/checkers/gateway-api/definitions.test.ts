import { checks, object } from '@/tests/support/checkers/checks'
import { definitions } from './definitions'

const of = (name: string, bundle: string) =>
  object(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    `${name}.gateway.networking.k8s.io`,
    {},
    {
      annotations: { 'gateway.networking.k8s.io/bundle-version': bundle },
    },
  )
const at = (name: string) => [
  `CustomResourceDefinition ${name}.gateway.networking.k8s.io metadata.annotations["gateway.networking.k8s.io/bundle-version"]`,
]

checks(definitions, {
  IST0176: {
    fires: {
      'an old bundle': { objects: [of('tlsroutes', 'v1.4.1')], at: at('tlsroutes') },
      'a very old one': { objects: [of('grpcroutes', 'v0.8')], at: at('grpcroutes') },
    },
    silent: {
      'the oldest that is read, its candidate, and newer ones': {
        objects: [
          of('tlsroutes', 'v1.5.0'),
          of('tlsroutes', 'v1.5.0-rc.1'),
          of('grpcroutes', 'v2.0.0'),
          of('backendtlspolicies', '1.10.0'),
        ],
      },
      'definitions without a limit, and versions that are none': {
        objects: [of('httproutes', 'v0.1.0'), of('tlsroutes', 'main')],
      },
    },
  },
})
