import type { Checker } from '@/lib/validation/finding'
import { AUTHORIZATION_POLICY } from '@/lib/validation/lookups/kinds'
import { asFields, asList, asText, items, specOf } from '@/lib/validation/read'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']

/** Methods of operations are methods, or patterns that match one. */
export const methods: Checker = {
  codes: { KIA0102: 'warning' },
  check(world, report) {
    world.each(AUTHORIZATION_POLICY, (object) => {
      for (const [rule, i] of items(specOf(object).rules)) {
        for (const [to, j] of items(rule.to)) {
          for (const [k, value] of asList(asFields(to.operation).methods).entries()) {
            const method = asText(value)
            if (method === '' || METHODS.some((one) => isMatch(method, one))) continue
            const message = `${method} is no HTTP method and matches none, so this part of the rule never applies. Write methods in capitals, such as GET.`
            report('KIA0102', object, ['spec', 'rules', i, 'to', j, 'operation', 'methods', k], message)
          }
        }
      }
    })
  },
}

function isMatch(pattern: string, method: string): boolean {
  if (pattern === '*') return true
  if (pattern.endsWith('*')) return method.startsWith(pattern.slice(0, -1))
  if (pattern.startsWith('*')) return method.endsWith(pattern.slice(1))
  return pattern === method
}
