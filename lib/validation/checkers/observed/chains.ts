import { formatDuration } from '@/lib/units/duration'
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker, FieldPath } from '@/lib/validation/finding'
import { durationMs } from '@/lib/validation/lookups/durations'
import { fullHost } from '@/lib/validation/lookups/hosts'
import { HTTP_ROUTE, VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asFields, asText, asTexts, findNumber, fullName, items, listed, specOf } from '@/lib/validation/read'
import type { Fields } from '@/lib/validation/read'
import { append, namespaceOf, type World } from '@/lib/validation/world'

/** How long a rule's callers wait for one host. */
interface Limit {
  /** null: as long as it takes */
  ms: number | null
  object: ConfigObject
}

/**
 * Nobody waits for an answer longer than those who wait for him: along the chains that traffic shows, what a service
 * may spend on its own callee, tries included, fits into the timeout of the service's callers.
 */
export const callChains: Checker = {
  codes: { HED0013: 'warning' },
  check(world, report) {
    const look = (object: ConfigObject, path: FieldPath, spentMs: number, hosts: readonly string[]) => {
      for (const callee of new Set(hosts)) {
        const short = (world.lookup(indexCallers, callee) ?? []).flatMap((caller) => {
          const limits = world.lookup(indexLimits, caller) ?? []
          const times = limits.flatMap(({ ms }) => ms ?? [])
          // one rule that waits for as long as it takes may be the one that these requests follow
          if (times.length === 0 || times.length < limits.length) return []
          const longest = Math.max(...times)
          return longest < spentMs ? [{ caller, longest, limits }] : []
        })
        const [first] = short.sort((a, b) => a.longest - b.longest || (a.caller < b.caller ? -1 : 1))
        if (!first) continue
        const by = listed([...new Set(first.limits.map((limit) => fullName(limit.object)))].sort())
        const message = `${nameOf(first.caller)} calls ${nameOf(callee)} and may wait ${formatDuration(spentMs)} for it, tries included, but callers of ${nameOf(first.caller)} give up after ${formatDuration(first.longest)} (${by}): what comes later is work for nobody. Shorten timeout or retries here, or lengthen the callers’ timeout.`
        report('HED0013', object, path, message)
      }
    }
    world.each(VIRTUAL_SERVICE, (object) => {
      const gateways = asTexts(specOf(object).gateways)
      if (gateways.length > 0 && !gateways.includes('mesh')) return
      for (const [rule, i] of items(specOf(object).http)) {
        const ms = spentBy(rule)
        const part = asFields(rule.retries).perTryTimeout === undefined ? 'timeout' : 'retries'
        if (ms !== null) look(object, ['spec', 'http', i, part], ms, hostsOfRoute(object, rule))
      }
    })
    world.each(HTTP_ROUTE, (object) => {
      for (const [rule, i] of items(specOf(object).rules)) {
        const ms = durationMs(asFields(rule.timeouts).request)
        if (ms !== undefined)
          look(object, ['spec', 'rules', i, 'timeouts'], ms, hostsOfBackends(object, rule))
      }
    })
  },
}

/** What one request may take: the timeout, or all tries where that is less; null: nothing ends it. */
function spentBy(rule: Fields): number | null {
  const timeout = durationMs(rule.timeout)
  const { attempts, perTryTimeout } = asFields(rule.retries)
  const each = durationMs(perTryTimeout)
  const tries = each === undefined ? undefined : each * ((findNumber(attempts) ?? 0) + 1)
  return timeout === undefined ? (tries ?? null) : Math.min(timeout, tries ?? timeout)
}

function hostsOfRoute(object: ConfigObject, rule: Fields): string[] {
  return items(rule.route).map(([route]) =>
    fullHost(asText(asFields(route.destination).host), namespaceOf(object)),
  )
}

function hostsOfBackends(object: ConfigObject, rule: Fields): string[] {
  return items(rule.backendRefs).map(([backend]) =>
    fullHost(asText(backend.name), asText(backend.namespace) || namespaceOf(object)),
  )
}

/** Services whose pods were seen to call a service, by the host of the called one. */
function indexCallers(world: World): ReadonlyMap<string, readonly string[]> {
  const callers = new Map<string, string[]>()
  for (const { caller, callee } of world.observed?.calls ?? []) {
    append(callers, fullHost(callee.service, callee.namespace), fullHost(caller.service, caller.namespace))
  }
  return callers
}

/** What rules leave the requests to a host, by host. */
function indexLimits(world: World): ReadonlyMap<string, readonly Limit[]> {
  const limits = new Map<string, Limit[]>()
  for (const object of world.list(VIRTUAL_SERVICE)) {
    for (const [rule] of items(specOf(object).http)) {
      for (const host of new Set(hostsOfRoute(object, rule))) {
        append(limits, host, { ms: durationMs(rule.timeout) ?? null, object })
      }
    }
  }
  for (const object of world.list(HTTP_ROUTE)) {
    for (const [rule] of items(specOf(object).rules)) {
      for (const host of new Set(hostsOfBackends(object, rule))) {
        append(limits, host, { ms: durationMs(asFields(rule.timeouts).request) ?? null, object })
      }
    }
  }
  return limits
}

/** `shop/cart` of `cart.shop.svc.cluster.local`. */
function nameOf(host: string): string {
  const [service = host, namespace = ''] = host.split('.')
  return namespace === '' ? service : `${namespace}/${service}`
}
