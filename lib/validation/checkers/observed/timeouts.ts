import { formatDuration } from '@/lib/units/duration'
import type { Checker, FieldPath } from '@/lib/validation/finding'
import { durationMs } from '@/lib/validation/lookups/durations'
import { fullHost } from '@/lib/validation/lookups/hosts'
import { HTTP_ROUTE, VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import type { ServiceLatency } from '@/lib/validation/observed'
import { asFields, asText, items, specOf } from '@/lib/validation/read'
import { namespaceOf, type World } from '@/lib/validation/world'

/** One of a hundred is a handful only among several hundred. */
export const FEWEST_REQUESTS = 500

function indexLatencies(world: World): ReadonlyMap<string, ServiceLatency> {
  return new Map((world.observed?.latencies ?? []).map((one) => [fullHost(one.service, one.namespace), one]))
}

/** A timeout leaves the requests the time they are seen to take. */
export const observedTimeouts: Checker = {
  codes: { HED0009: 'warning' },
  check(world, report) {
    const look = (
      timeout: unknown,
      hosts: readonly string[],
    ): { service: ServiceLatency; written: string } | undefined => {
      const limitMs = durationMs(timeout)
      if (limitMs === undefined) return undefined
      const slow = hosts
        .flatMap((host) => world.lookup(indexLatencies, host) ?? [])
        .filter(({ p99Ms, requests }) => requests >= FEWEST_REQUESTS && p99Ms > limitMs)
        .sort((a, b) => b.p99Ms - a.p99Ms)
      return slow[0] && { service: slow[0], written: asText(timeout) }
    }
    const say = ({ service, written }: NonNullable<ReturnType<typeof look>>) =>
      `More than 1 of 100 requests to ${service.namespace}/${service.service} takes longer than ${written}: P99 is ${formatDuration(service.p99Ms)} as callers see it. They end with 504. Lengthen the timeout above P99, or make the service faster first.`
    world.each(VIRTUAL_SERVICE, (object) => {
      for (const [rule, i] of items(specOf(object).http)) {
        const hosts = items(rule.route).map(([route]) =>
          fullHost(asText(asFields(route.destination).host), namespaceOf(object)),
        )
        const path: FieldPath = ['spec', 'http', i]
        const whole = look(rule.timeout, hosts)
        if (whole) report('HED0009', object, [...path, 'timeout'], say(whole))
        const each = look(asFields(rule.retries).perTryTimeout, hosts)
        if (each) report('HED0009', object, [...path, 'retries', 'perTryTimeout'], say(each))
      }
    })
    world.each(HTTP_ROUTE, (object) => {
      for (const [rule, i] of items(specOf(object).rules)) {
        const hosts = items(rule.backendRefs).map(([backend]) =>
          fullHost(asText(backend.name), asText(backend.namespace) || namespaceOf(object)),
        )
        const { request, backendRequest } = asFields(rule.timeouts)
        for (const [key, timeout] of Object.entries({ request, backendRequest })) {
          const found = look(timeout, hosts)
          if (found) report('HED0009', object, ['spec', 'rules', i, 'timeouts', key], say(found))
        }
      }
    })
  },
}
