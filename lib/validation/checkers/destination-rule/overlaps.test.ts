import { checks, destinationRule, pod, service } from '@/tests/support/checkers/checks'
import { ruleOverlaps } from './overlaps'

const rule = (name: string, rest: object = {}, host = 'reviews') => destinationRule(name, { host, ...rest })
const subset = (name: string, labels: object = {}) => ({ subsets: [{ name, labels }] })
const wide = rule('istio-system/tls', { trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }, '*.local')

checks(ruleOverlaps, {
  KIA0201: {
    fires: {
      'one host twice, short and full': {
        objects: [rule('shop/a'), rule('shop/b', {}, 'reviews.shop.svc.cluster.local')],
        at: ['DestinationRule shop/a spec.host', 'DestinationRule shop/b spec.host'],
      },
      'one subset twice': {
        objects: [rule('shop/a', subset('v1')), rule('shop/b', subset('v1'))],
        at: ['DestinationRule shop/a spec.host', 'DestinationRule shop/b spec.host'],
      },
    },
    silent: {
      'different subsets': { objects: [rule('shop/a', subset('v1')), rule('shop/b', subset('v2'))] },
      'one for the mesh': { objects: [rule('shop/a'), wide] },
      'rules that no namespace sees both of': {
        objects: [
          rule('shop/a', { exportTo: ['.'] }, 'x.com'),
          rule('books/b', { exportTo: ['.'] }, 'x.com'),
        ],
      },
    },
  },
  KIA0204: {
    fires: {
      'a rule without TLS': {
        objects: [wide, rule('shop/a', { trafficPolicy: { loadBalancer: {} } })],
        mesh: { enableAutoMtls: false },
        at: ['DestinationRule shop/a spec.trafficPolicy'],
      },
    },
    silent: {
      'a rule with TLS': {
        objects: [wide, rule('shop/a', { trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } })],
        mesh: { enableAutoMtls: false },
      },
      'automatic mutual TLS': { objects: [wide, rule('shop/a', { trafficPolicy: {} })] },
      'an outside host': { objects: [wide, rule('shop/a', {}, 'x.com')], mesh: { enableAutoMtls: false } },
    },
  },
  KIA0209: {
    fires: {
      'a subset of everything, alone and beside a real one': {
        objects: [
          service('shop/reviews', { selector: { app: 'r' } }),
          pod('shop/r-1', { app: 'r', version: 'v1' }),
          rule('shop/a', { subsets: [{ name: 'v1', labels: { version: 'v1' } }, { name: 'all' }] }),
        ],
        at: ['DestinationRule shop/a spec.subsets[1]'],
      },
    },
    silent: { labels: { objects: [rule('shop/a', subset('v1', { version: 'v1' }))] } },
  },
})
