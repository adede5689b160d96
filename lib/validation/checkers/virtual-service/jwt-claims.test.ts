import { checks, gateway, pod, requestAuthentication, virtualService } from '@/tests/support/checkers/checks'
import { jwtClaims } from './jwt-claims'

const front = [gateway('shop/front', { selector: { app: 'front' } }), pod('edge/front-1', { app: 'front' })]
const claims = (match: object) =>
  virtualService('shop/web', { hosts: ['a.b'], gateways: ['front'], http: [{ match: [match] }] })
const byGroup = claims({ headers: { '@request.auth.claims.group': { exact: 'x' } } })

checks(jwtClaims, {
  IST0149: {
    fires: {
      'a claim and no RequestAuthentication': {
        objects: [...front, byGroup],
        at: ['VirtualService shop/web spec.http[0].match[0].headers["@request.auth.claims.group"]'],
      },
      'one that selects other pods': {
        objects: [
          ...front,
          claims({ withoutHeaders: { '@request.auth.claims.group': {} } }),
          requestAuthentication('edge/jwt', { selector: { matchLabels: { app: 'other' } } }),
        ],
        at: ['VirtualService shop/web spec.http[0].match[0].withoutHeaders["@request.auth.claims.group"]'],
      },
    },
    silent: {
      'one for the pods': { objects: [...front, byGroup, requestAuthentication('edge/jwt', {})] },
      'one for the mesh': { objects: [...front, byGroup, requestAuthentication('istio-system/jwt', {})] },
      'plain headers': { objects: [...front, claims({ headers: { 'x-group': { exact: 'x' } } })] },
    },
  },
})
