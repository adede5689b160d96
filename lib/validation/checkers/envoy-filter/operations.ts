import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { ENVOY_FILTER } from '@/lib/validation/lookups/kinds'
import { asFields, asText, fullName, isFields, items, specOf, type Fields } from '@/lib/validation/read'

const RELATIVE = new Set(['INSERT_BEFORE', 'INSERT_AFTER', 'REMOVE', 'REPLACE'])
const IGNORED = new Set(['ROUTE_CONFIGURATION', 'HTTP_ROUTE'])
const REPLACEABLE = new Set(['NETWORK_FILTER', 'HTTP_FILTER', 'VIRTUAL_HOST'])

/** Operations of EnvoyFilters that are ignored, or depend on the order in which filters are applied. */
export const operations: Checker = {
  codes: {
    IST0151: 'warning',
    IST0152: 'error',
    IST0153: 'error',
    IST0154: 'error',
    IST0155: 'warning',
  },
  check(world, report) {
    // names of filters patched for certain proxy versions only; in the order of names, so that any order answers alike
    const versioned = new Set<string>()
    const sorted = [...world.list(ENVOY_FILTER)].sort((a, b) => (fullName(a) < fullName(b) ? -1 : 1))
    for (const object of sorted) {
      const spec = specOf(object)
      for (const [config, index] of items(spec.configPatches)) {
        if (!isFields(config.patch)) break
        const operation = asText(config.patch.operation)
        const applyTo = asText(config.applyTo)
        const path = ['spec', 'configPatches', index, 'patch', 'operation']
        const name = filterName(config)
        if (operation === 'ADD' && IGNORED.has(applyTo)) {
          const message = `ADD is ignored for ${applyTo}. Use MERGE on what exists, or add a VIRTUAL_HOST.`
          report('IST0153', object, path, message)
        } else if (operation === 'REMOVE' && IGNORED.has(applyTo)) {
          report(
            'IST0154',
            object,
            path,
            `REMOVE is ignored for ${applyTo}. Use MERGE to change what exists.`,
          )
        } else if (operation === 'REPLACE' && !REPLACEABLE.has(applyTo)) {
          const message = `REPLACE works for HTTP_FILTER and NETWORK_FILTER, not for ${applyTo}. Use MERGE.`
          report('IST0152', object, path, message)
        } else if (RELATIVE.has(operation) && !hasPriority(object)) {
          if (versioned.has(name)) {
            const message = `${operation} depends on a filter (${name || 'unnamed'}) that is patched for certain proxy versions only: during an upgrade it may not be there, and this patch is lost. Set spec.priority, or use INSERT_FIRST, ADD or MERGE.`
            report('IST0155', object, path, message)
          } else {
            const message = `${operation} depends on filters that other EnvoyFilters may not have added yet. Set spec.priority to fix the order, or use INSERT_FIRST, ADD or MERGE.`
            report('IST0151', object, path, message)
          }
        }
        if (asText(asFields(asFields(config.match).proxy).proxyVersion) !== '') versioned.add(name)
      }
    }
  },
}

function hasPriority(object: ConfigObject): boolean {
  const { priority } = specOf(object)
  return typeof priority === 'number' && priority !== 0
}

/** The filter a patch is about: by its value, else by what it matches. */
function filterName({ patch, match }: Fields): string {
  const { value } = asFields(patch)
  if (!isFields(value)) return ''
  if (typeof value.name === 'string') return value.name
  return asText(asFields(asFields(asFields(asFields(match).listener).filterChain).filter).name)
}
