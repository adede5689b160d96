import {
  checks,
  object,
  pod,
  service,
  serviceEntry,
  sidecar,
  virtualService,
} from '@/tests/support/checkers/checks'
import { NOTHING_OBSERVED } from '@/tests/support/checkers/observed'
import { hiddenHosts } from './hidden-hosts'

const proxied = { containers: [{ name: 'istio-proxy', image: 'istio/proxyv2' }] }
const web = pod('web/web-1', { app: 'web' }, proxied)
const cart = { namespace: 'shop', host: 'cart.shop.svc.cluster.local' }
const bank = { namespace: null, host: 'bank.example' }

const entry = serviceEntry('outside/bank', { hosts: ['bank.example'] })

const calling = (...hosts: (typeof cart | typeof bank)[]) => ({
  observed: {
    ...NOTHING_OBSERVED,
    outgoing: [{ namespace: 'web', workload: 'web', labels: { app: 'web' }, hosts }],
  },
})
const egress = (...hosts: string[]) => ({ egress: [{ hosts }] })
const only = { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }
const at = (name: string) => [`Sidecar ${name} spec.egress`]
const route = (host: string) => ({ http: [{ route: [{ destination: { host } }] }] })

checks(hiddenHosts, {
  HED0016: {
    fires: {
      'a service of another namespace': {
        objects: [web, service('shop/cart', {}), sidecar('web/default', egress('./*', 'istio-system/*'))],
        options: calling(cart),
        at: at('web/default'),
      },
      'a service beside those it names': {
        objects: [
          web,
          sidecar('web/web', {
            workloadSelector: { labels: { app: 'web' } },
            ...egress('shop/pay.shop.svc.cluster.local'),
          }),
        ],
        options: calling(cart),
        at: at('web/web'),
      },
      'what it may not be asked for at all': {
        objects: [web, sidecar('web/default', egress('~/*'))],
        options: calling(cart),
        at: at('web/default'),
      },
      'the one of the mesh, where the namespace has none': {
        objects: [
          web,
          sidecar('istio-system/default', egress('./*')),
          sidecar('other/default', egress('*/*')),
        ],
        options: calling(cart),
        at: at('istio-system/default'),
      },
      'an outside host, where strangers are cut off': {
        objects: [web, entry, sidecar('web/default', { ...egress('shop/*'), ...only })],
        options: calling(cart, bank),
        at: at('web/default'),
      },
      'a service that a rule of gateways alone sends to': {
        objects: [
          web,
          sidecar('web/default', egress('./*')),
          virtualService('web/edge', { hosts: ['*'], gateways: ['edge'], ...route(cart.host) }),
        ],
        options: calling(cart),
        at: at('web/default'),
      },
    },
    silent: {
      'what it names, by name, by namespace or with all': {
        objects: [
          web,
          sidecar('web/default', egress('shop/cart.shop.svc.cluster.local')),
          sidecar('web/second', egress('shop/*')),
          sidecar('web/third', egress('*/*.svc.cluster.local')),
        ],
        options: calling(cart),
      },
      'what it brings along with a rule that sends there': {
        objects: [
          web,
          sidecar('web/default', egress('front/*')),
          virtualService('front/buy', { hosts: ['buy.front.svc.cluster.local'], ...route(cart.host) }),
        ],
        options: calling(cart),
      },
      'what a delegate sends to, whose hosts are those of others': {
        objects: [web, sidecar('web/default', egress('./*')), virtualService('shop/part', route('cart'))],
        options: calling(cart),
      },
      'what a route of a service sends to': {
        objects: [
          web,
          sidecar('web/default', egress('front/*')),
          object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'front/buy', {
            parentRefs: [{ group: '', kind: 'Service', name: 'buy' }],
            rules: [{ backendRefs: [{ name: 'cart', namespace: 'shop' }] }],
          }),
        ],
        options: calling(cart),
      },
      'one that others of the namespace follow': {
        objects: [
          web,
          sidecar('web/default', egress('./*')),
          sidecar('web/web', { workloadSelector: { labels: { app: 'web' } }, ...egress('*/*') }),
        ],
        options: calling(cart),
      },
      'the one of the mesh, where the namespace has its own': {
        objects: [web, sidecar('istio-system/default', egress('./*')), sidecar('web/default', egress('*/*'))],
        options: calling(cart),
      },
      'an outside host, where strangers are let through': {
        objects: [web, sidecar('web/default', egress('./*'))],
        options: calling(bank),
      },
      'an outside host that it names where it is': {
        objects: [web, entry, sidecar('web/default', { ...egress('outside/*'), ...only })],
        options: calling(bank),
      },
      'no word of egress': { objects: [web, sidecar('web/default', {})], options: calling(cart) },
      'pods without a proxy': {
        objects: [
          pod('web/web-1', { app: 'web' }, { containers: [] }),
          sidecar('web/default', egress('./*')),
        ],
        options: calling(cart),
      },
      'nothing called, and nothing measured': {
        objects: [web, sidecar('web/default', egress('./*'))],
        options: { observed: NOTHING_OBSERVED },
      },
    },
  },
})
