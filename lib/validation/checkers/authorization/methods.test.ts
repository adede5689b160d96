import { authorizationPolicy, checks } from '@/tests/support/checkers/checks'
import { methods } from './methods'

const policy = (...list: string[]) =>
  authorizationPolicy('shop/a', { rules: [{ to: [{ operation: { methods: list } }] }] })

checks(methods, {
  KIA0102: {
    fires: {
      'small letters and made-up words': {
        objects: [policy('get', 'GET', 'FETCH', 'X*')],
        at: [0, 2, 3].map((at) => `AuthorizationPolicy shop/a spec.rules[0].to[0].operation.methods[${at}]`),
      },
    },
    silent: { 'methods and patterns': { objects: [policy('GET', 'P*', '*T', '*')] } },
  },
})
