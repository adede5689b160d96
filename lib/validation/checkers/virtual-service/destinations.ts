import type { ConfigObject } from '@/lib/mesh/inventory'
import { asFields, asText, findNumber, isFields, items, specOf, type Fields } from '@/lib/validation/read'
import type { FieldPath } from '@/lib/validation/finding'

/** A destination that a virtual service names, and where it does. */
export interface Destination {
  host: string
  subset: string
  /** undefined where no port is chosen */
  port: number | undefined
  /** path of the destination itself */
  path: FieldPath
  isMirror: boolean
}

/** Every destination of a virtual service: weighted ones of http, tcp and tls rules, then mirrors. */
export function destinationsOf(object: ConfigObject): Destination[] {
  const spec = specOf(object)
  const found: Destination[] = []
  const add = (value: unknown, path: FieldPath, isMirror: boolean) => {
    if (!isFields(value)) return
    const port = isFields(value.port) ? (findNumber(value.port.number) ?? 0) : undefined
    found.push({ host: asText(value.host), subset: asText(value.subset), port, path, isMirror })
  }
  for (const protocol of ['http', 'tcp', 'tls'] as const) {
    for (const [rule, i] of items(spec[protocol])) {
      for (const [route, j] of items(rule.route)) {
        add(route.destination, ['spec', protocol, i, 'route', j, 'destination'], false)
      }
    }
  }
  for (const [rule, i] of items(spec.http)) {
    add(rule.mirror, ['spec', 'http', i, 'mirror'], true)
    for (const [mirror, j] of items(rule.mirrors)) {
      add(mirror.destination, ['spec', 'http', i, 'mirrors', j, 'destination'], true)
    }
  }
  return found
}

/** The matches of http rules with their paths. */
export function httpMatches(spec: Fields): { match: Fields; path: FieldPath }[] {
  return items(spec.http).flatMap(([rule, i]) =>
    items(rule.match).map(([match, j]) => ({
      match: asFields(match),
      path: ['spec', 'http', i, 'match', j],
    })),
  )
}
