/** Words of the synthetic mesh, so that a thousand services read like somebody's and not like a counter. */
import { itemAt } from '@/lib/demo/item-at'
import type { Random } from '@/lib/statistics/random'

const DOMAINS = [
  'platform',
  'identity',
  'storage',
  'checkout',
  'catalog',
  'pricing',
  'fulfilment',
  'shipping',
  'returns',
  'billing',
  'ledger',
  'payouts',
  'wallet',
  'fraud',
  'search',
  'discovery',
  'ranking',
  'ads',
  'campaigns',
  'loyalty',
  'reviews',
  'community',
  'messaging',
  'notifications',
  'support',
  'claims',
  'accounts',
  'consent',
  'media',
  'content',
  'localisation',
  'marketplace',
  'sellers',
  'onboarding',
  'warehouse',
  'stock',
  'forecast',
  'procurement',
  'delivery',
  'routing',
  'fleet',
  'maps',
  'booking',
  'tickets',
  'travel',
  'insurance',
  'lending',
  'trading',
  'analytics',
  'experiments',
  'reporting',
  'audit',
  'compliance',
  'tax',
  'invoicing',
  'subscriptions',
  'recommendations',
  'personalisation',
  'devices',
  'telemetry',
  'scheduling',
  'documents',
  'partners',
  'gifting',
] as const

const SUBJECTS = [
  'price',
  'quote',
  'tax',
  'coupon',
  'stock',
  'sku',
  'review',
  'rating',
  'address',
  'profile',
  'session',
  'token',
  'refund',
  'invoice',
  'ledger',
  'shipment',
  'route',
  'label',
  'courier',
  'banner',
  'campaign',
  'segment',
  'event',
  'audit',
  'alert',
  'email',
  'sms',
  'push',
  'image',
  'video',
  'thumbnail',
  'query',
  'facet',
  'suggestion',
  'offer',
  'bundle',
  'basket',
  'order',
  'return',
  'claim',
  'policy',
  'risk',
  'score',
  'identity',
  'consent',
  'currency',
  'exchange',
  'balance',
  'payout',
  'wallet',
  'points',
  'gift',
  'ticket',
  'seat',
  'slot',
  'calendar',
  'geo',
  'locale',
  'feature',
  'experiment',
  'report',
  'document',
  'contract',
  'supplier',
  'customer',
  'merchant',
] as const

const FUNCTIONS = {
  ingress: ['web', 'api', 'portal', 'bff', 'console', 'mobile', 'graphql', 'webhook'],
  worker: ['worker', 'scheduler', 'sync', 'importer', 'consumer', 'batch', 'reconciler', 'poller'],
  middle: [
    'service',
    'engine',
    'router',
    'resolver',
    'planner',
    'orchestrator',
    'validator',
    'aggregator',
    'enricher',
    'calculator',
    'matcher',
    'composer',
    'broker',
    'tracker',
  ],
  leaf: [
    'lookup',
    'index',
    'reader',
    'registry',
    'writer',
    'scorer',
    'translator',
    'formatter',
    'catalog',
    'rules',
  ],
  tcp: ['postgres', 'mysql', 'redis', 'kafka', 'mongo', 'memcached', 'rabbitmq', 'cassandra'],
} as const
export type NameRole = keyof typeof FUNCTIONS

/** `count` namespaces; the first three are where shared services live. Past the words they are numbered. */
export function namespaceNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const word = itemAt(DOMAINS, index % DOMAINS.length)
    const round = Math.floor(index / DOMAINS.length)
    return round === 0 ? word : `${word}-${round + 1}`
  })
}

/**
 * A maker of names, unique within their namespace; the same name may stand in two namespaces, as in real
 * meshes. Past all pairs of words a second subject is put in.
 */
export function nameMaker(random: Random): (namespace: string, role: NameRole) => string {
  const taken = new Set<string>()
  return (namespace, role) => {
    for (let attempt = 0; ; attempt++) {
      const words = [random.pick(SUBJECTS), random.pick(FUNCTIONS[role])]
      if (attempt > 8) words.unshift(random.pick(SUBJECTS))
      const name = words.join('-')
      if (words[0] === words[1] || taken.has(`${namespace}/${name}`)) continue
      taken.add(`${namespace}/${name}`)
      return name
    }
  }
}

/** `price-engine` as the name of a gRPC service: `PriceEngine`. */
export function pascalCase(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
