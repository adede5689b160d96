import { whyNoDelegate } from '@/lib/istio/delegates'
import type { Checker } from '@/lib/validation/finding'
import { VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asText, asTexts, isFields, items, specOf } from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'

/** A rule that delegates goes on with a virtual service that is there, seen, and a delegate. */
export const delegates: Checker = {
  codes: { IST0101: 'error' },
  check(world, report) {
    world.each(VIRTUAL_SERVICE, (object) => {
      const spec = specOf(object)
      // a delegate that delegates again is refused by its own rules
      if (asTexts(spec.hosts).length === 0) return
      for (const [rule, index] of items(spec.http)) {
        if (!isFields(rule.delegate)) continue
        const name = asText(rule.delegate.name)
        const namespace = asText(rule.delegate.namespace) || namespaceOf(object)
        const found = world.find(VIRTUAL_SERVICE, namespace, name)
        const { hosts, exportTo } = found ? specOf(found) : {}
        const why = whyNoDelegate(
          found && { hosts: asTexts(hosts), exportTo: asTexts(exportTo), namespace },
          namespaceOf(object),
        )
        if (why === null) continue
        const message = `The rule goes on with the virtual service ${namespace}/${name}, which ${why}, so the rule has no effect: its requests go to later rules, or are answered 404. Correct the reference, or the delegate.`
        report('IST0101', object, ['spec', 'http', index, 'delegate'], message)
      }
    })
  },
}
