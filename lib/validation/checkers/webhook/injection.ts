import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { INJECT, INJECTION, REVISION } from '@/lib/validation/lookups/injection'
import { MUTATING_WEBHOOK, SERVICE } from '@/lib/validation/lookups/kinds'
import { matchesLabelSelector, type Labels } from '@/lib/validation/lookups/selectors'
import {
  asFields,
  asText,
  asTextMap,
  asTexts,
  items,
  labelsOf,
  listed,
  type Fields,
} from '@/lib/validation/read'

interface Hook {
  object: ConfigObject
  webhook: Fields
  index: number
}

/** Injection webhooks: no pod is taken by two, and the service they call exists. */
export const injectionWebhooks: Checker = {
  codes: { IST0139: 'error' },
  check(world, report) {
    const hooks: Hook[] = []
    const revisions = new Set<string>()
    for (const object of world.list(MUTATING_WEBHOOK)) {
      const webhooks = items(object.webhooks)
      const named = revisionsOf(
        object,
        webhooks.map(([webhook]) => webhook),
      )
      const isIstio = webhooks.some(([webhook]) => asText(webhook.name).endsWith('istio.io'))
      if (named.length === 0 && !isIstio) continue
      for (const revision of named) revisions.add(revision)
      hooks.push(...webhooks.map(([webhook, index]) => ({ object, webhook, index })))
    }
    const rivals = new Map<Hook, Set<Hook>>()
    for (const namespaceLabels of permutations(INJECTION, ['enabled', 'disabled'], revisions)) {
      for (const podLabels of permutations(INJECT, ['true', 'false'], revisions)) {
        const takers = hooks.filter(
          ({ webhook }) =>
            matchesLabelSelector(webhook.namespaceSelector, namespaceLabels) &&
            matchesLabelSelector(webhook.objectSelector, podLabels),
        )
        if (takers.length < 2) continue
        for (const one of takers) {
          const known = rivals.get(one) ?? new Set()
          rivals.set(one, known)
          for (const other of takers) if (other !== one) known.add(other)
        }
      }
    }
    for (const [{ object, webhook, index }, others] of rivals) {
      const names = [...others].map((other) => `${other.object.metadata.name}/${asText(other.webhook.name)}`)
      const message = `The webhook ${asText(webhook.name)} takes pods that ${listed(names.sort())} takes too: they are injected twice. Make the selectors exclude each other, or remove the older revision.`
      report('IST0139', object, ['webhooks', index], message)
    }
    for (const { object, webhook, index } of hooks) {
      const { service } = asFields(webhook.clientConfig)
      const { name, namespace } = asFields(service)
      if (service === undefined || world.find(SERVICE, asText(namespace), asText(name))) continue
      const message = `The webhook ${asText(webhook.name)} calls the service ${asText(namespace)}/${asText(name)}, which does not exist: injection fails. Install that control plane, or remove the webhook.`
      report('IST0139', object, ['webhooks', index, 'clientConfig', 'service'], message)
    }
  },
}

/** Labels a namespace or pod may carry: none, one value of the key, and each with every revision. */
function permutations(key: string, values: readonly string[], revisions: ReadonlySet<string>): Labels[] {
  const bases: Labels[] = [{}, ...values.map((value) => ({ [key]: value }))]
  return [
    ...bases,
    ...[...revisions].flatMap((revision) => bases.map((base) => ({ ...base, [REVISION]: revision }))),
  ]
}

function revisionsOf(object: ConfigObject, webhooks: readonly Fields[]): string[] {
  const found = [labelsOf(object)[REVISION]]
  for (const webhook of webhooks) {
    for (const selector of [webhook.namespaceSelector, webhook.objectSelector]) {
      const { matchLabels, matchExpressions } = asFields(selector)
      found.push(asTextMap(matchLabels)[REVISION])
      for (const [expression] of items(matchExpressions)) {
        if (expression.key === REVISION) found.push(...asTexts(expression.values))
      }
    }
  }
  return found.filter((revision): revision is string => revision !== undefined)
}
