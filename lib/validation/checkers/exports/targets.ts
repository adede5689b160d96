import type { Checker } from '@/lib/validation/finding'
import { isAmbient } from '@/lib/validation/lookups/ambient'
import { DESTINATION_RULE, NAMESPACE, SERVICE_ENTRY, VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asList, asText, specOf } from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'

const WORDS = new Set(['', '.', '*', '~'])

/** An object is exported to namespaces that exist. */
export const exportTargets: Checker = {
  codes: { KIA0005: 'error' },
  check(world, report) {
    for (const kind of [VIRTUAL_SERVICE, DESTINATION_RULE, SERVICE_ENTRY] as const) {
      world.each(kind, (object) => {
        for (const [index, value] of asList(specOf(object).exportTo).entries()) {
          const name = asText(value)
          if (WORDS.has(name) || world.find(NAMESPACE, '', name) || isAmbient(world, namespaceOf(object)))
            continue
          const message = `There is no namespace ${name}, so the object is not visible where it should be. Correct the name.`
          report('KIA0005', object, ['spec', 'exportTo', index], message)
        }
      })
    }
  },
}
