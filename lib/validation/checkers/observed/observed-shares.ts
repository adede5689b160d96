import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { GRPC_ROUTE, HTTP_ROUTE, VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import type { ObservedSplit } from '@/lib/validation/observed'
import { asFields, findNumber, items } from '@/lib/validation/read'
import { append, namespaceOf, type World } from '@/lib/validation/world'

/** Below that chance alone moves a share by several points. */
export const FEWEST_REQUESTS = 200
/** Difference of a share that is worth a word, and how many standard errors it must be at least. */
const FAR = 0.1
const STANDARD_ERRORS = 4

function indexSplits(world: World): ReadonlyMap<string, readonly ObservedSplit[]> {
  const byObject = new Map<string, ObservedSplit[]>()
  for (const split of world.observed?.splits ?? []) {
    append(byObject, `${split.kind} ${split.namespace}/${split.name}`, split)
  }
  return byObject
}

/** Traffic goes where the weights send it. */
export const observedShares: Checker = {
  codes: { HED0005: 'warning' },
  check(world, report) {
    for (const kind of [VIRTUAL_SERVICE, HTTP_ROUTE, GRPC_ROUTE] as const) {
      world.each(kind, (object) => {
        const key = `${object.kind} ${namespaceOf(object)}/${object.metadata.name}`
        for (const { path, requests, backends } of world.lookup(indexSplits, key) ?? []) {
          // what was measured was of these weights; of others nothing is known yet
          if (requests < FEWEST_REQUESTS || !saysSame(object, path, backends)) continue
          const far = backends.filter(({ configuredShare, observedShare }) => {
            const error = Math.sqrt((configuredShare * (1 - configuredShare)) / requests)
            const difference = Math.abs(observedShare - configuredShare)
            return difference > FAR && difference > STANDARD_ERRORS * error
          })
          if (far.length === 0) continue
          const shares = far.map(
            ({ name, configuredShare, observedShare }) =>
              `${name} gets ${percent(observedShare)} of the requests, not ${percent(configuredShare)}`,
          )
          const message = `${shares.join('; ')}. Something else decides: sticky sessions, another route for the same host, callers without a proxy, or a configuration that has not reached the proxies.`
          report('HED0005', object, [...path], message)
        }
      })
    }
  },
}

function saysSame(
  object: ConfigObject,
  path: ObservedSplit['path'],
  backends: ObservedSplit['backends'],
): boolean {
  let value: unknown = object
  for (const key of path) {
    value = Array.isArray(value) ? (value as unknown[])[Number(key)] : asFields(value)[String(key)]
  }
  const isLone = backends.length === 1
  const unsaid = object.kind === 'VirtualService' ? 0 : 1
  const weights = items(value).map(([one]) => findNumber(one.weight) ?? (isLone ? 1 : unsaid))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return (
    weights.length === backends.length &&
    sum > 0 &&
    weights.every((weight, at) => Math.abs(weight / sum - (backends[at]?.configuredShare ?? 0)) < 0.001)
  )
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}
