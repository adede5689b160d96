import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { AUTHORIZATION_POLICY, PEER_AUTHENTICATION } from '@/lib/validation/lookups/kinds'
import { podsWith } from '@/lib/validation/lookups/selectors'
import { clientMode, isForAll, modeOf, serverMode, wideRules } from '@/lib/validation/lookups/wide-tls'
import { asFields, asList, asText, asTextMap, items, specOf, type Fields } from '@/lib/validation/read'
import type { FieldPath } from '@/lib/validation/finding'
import { namespaceOf, type World } from '@/lib/validation/world'

const SOURCES = ['principals', 'notPrincipals', 'namespaces', 'notNamespaces']
const KEYS = new Set(['source.principal', 'source.namespace', 'connection.sni'])

/** Identities of callers are known by mutual TLS only: rules about them need it to be in force. */
export const identities: Checker = {
  codes: { KIA0105: 'error' },
  check(world, report) {
    world.each(AUTHORIZATION_POLICY, (object) => {
      for (const [rule, i] of items(specOf(object).rules)) {
        const path = identityIn(rule)
        if (!path) continue
        const reason = whyPlaintext(world, object)
        if (reason === undefined) return
        const message = `The rule is about the identity of callers, but ${reason}: without mutual TLS there is no identity, and the rule never holds. Switch mutual TLS on, or use other conditions.`
        report('KIA0105', object, ['spec', 'rules', i, ...path], message)
      }
    })
  },
}

function identityIn(rule: Fields): FieldPath | undefined {
  for (const [from, j] of items(rule.from)) {
    const field = SOURCES.find((one) => asList(asFields(from.source)[one]).length > 0)
    if (field !== undefined) return ['from', j, 'source', field]
  }
  for (const [when, j] of items(rule.when)) if (KEYS.has(asText(when.key))) return ['when', j, 'key']
  return undefined
}

/** Why callers come without mutual TLS; undefined where they may come with it. */
function whyPlaintext(world: World, object: ConfigObject): string | undefined {
  const namespace = namespaceOf(object)
  const root = world.mesh.rootNamespace
  const labels = asTextMap(asFields(specOf(object).selector).matchLabels)
  const pods = new Set(podsWith(world, labels, namespace === root ? null : namespace))
  const own = world
    .inNamespace(PEER_AUTHENTICATION, namespace)
    .find(
      (policy) =>
        !isForAll(policy) &&
        podsWith(world, asTextMap(asFields(specOf(policy).selector).matchLabels), namespace).some((pod) =>
          pods.has(pod),
        ),
    )
  const mode = (own && modeOf(own)) || serverMode(world, namespace) || serverMode(world, root)
  if (mode === 'DISABLE') return 'mutual TLS is disabled here'
  if (world.mesh.enableAutoMtls || mode === 'STRICT') return undefined
  const asks = [...wideRules(world, '*'), ...wideRules(world, namespace)]
  return asks.some((rule) => clientMode(rule) === 'ISTIO_MUTUAL')
    ? undefined
    : 'automatic mutual TLS is off and no destination rule asks for it'
}
