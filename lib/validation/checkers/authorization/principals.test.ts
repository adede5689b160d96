import { authorizationPolicy, checks, object } from '@/tests/support/checkers/checks'
import { NOTHING_OBSERVED } from '@/tests/support/checkers/observed'
import { principals } from './principals'

const policy = (...list: string[]) =>
  authorizationPolicy('shop/a', { rules: [{ from: [{ source: { principals: list } }] }] })
const account = object('v1', 'ServiceAccount', 'shop/cart')
const at = ['AuthorizationPolicy shop/a spec.rules[0].from[0].source.principals[0]']
const elsewhere = {
  observed: { ...NOTHING_OBSERVED, accountsElsewhere: new Map([['shop/basket', ['west']]]) },
}

checks(principals, {
  KIA0106: {
    fires: { 'no such account': { objects: [account, policy('cluster.local/ns/shop/sa/basket')], at } },
    silent: {
      'accounts and patterns': {
        objects: [account, policy('cluster.local/ns/shop/sa/cart', '*', 'cluster.local/ns/shop/*')],
      },
      'accounts that are not known at all': { objects: [policy('cluster.local/ns/shop/sa/basket')] },
    },
  },
  KIA0107: {
    fires: {
      'an account of another cluster': {
        objects: [account, policy('cluster.local/ns/shop/sa/basket')],
        options: elsewhere,
        at,
      },
    },
    silent: {
      'an account of this one': {
        objects: [account, policy('cluster.local/ns/shop/sa/cart')],
        options: elsewhere,
      },
    },
  },
  KIA0108: {
    fires: { 'another domain': { objects: [account, policy('other.org/ns/shop/sa/cart')], at } },
    silent: {
      'the domain and its aliases': {
        objects: [
          account,
          policy('a.org/ns/shop/sa/cart', 'b.org/ns/shop/sa/cart', 'cluster.local/ns/shop/sa/cart'),
        ],
        mesh: { trustDomain: 'a.org', trustDomainAliases: ['b.org'] },
      },
    },
  },
})
