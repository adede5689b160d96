import { checks, object } from '@/tests/support/checkers/checks'
import { statusConditions } from './status'

const of = (apiVersion: string, kind: string, status: object) =>
  object(apiVersion, kind, 'shop/x', {}, {}, { status })
const condition = (type: string, status = 'False', rest: object = {}) => ({
  conditions: [{ type, status, ...rest }],
})
const route = 'gateway.networking.k8s.io/v1'

checks(statusConditions, {
  IST0171: {
    fires: {
      'a service not bound to its waypoint': {
        objects: [of('v1', 'Service', condition('istio.io/WaypointBound'))],
        at: ['Service shop/x status.conditions[0]'],
      },
      'a route refused by a parent': {
        objects: [of(route, 'HTTPRoute', { parents: [{}, condition('ResolvedRefs')] })],
        at: ['HTTPRoute shop/x status.parents[1].conditions[0]'],
      },
      'a gateway not programmed': {
        objects: [of(route, 'Gateway', condition('Programmed'))],
        at: ['Gateway shop/x status.conditions[0]'],
      },
      'a policy accepted in part': {
        objects: [
          of(
            'security.istio.io/v1',
            'AuthorizationPolicy',
            condition('WaypointAccepted', 'True', { reason: 'PartiallyInvalid' }),
          ),
        ],
        at: ['AuthorizationPolicy shop/x status.conditions[0]'],
      },
    },
    silent: {
      'true conditions': { objects: [of('v1', 'Service', condition('istio.io/WaypointBound', 'True'))] },
      'conditions of others': {
        objects: [of('v1', 'Service', condition('Ready')), of(route, 'GRPCRoute', condition('Own'))],
      },
      'no status': { objects: [of('networking.istio.io/v1', 'ServiceEntry', {})] },
    },
  },
})
