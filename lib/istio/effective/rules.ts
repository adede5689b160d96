/** Which rule takes a request, in the order in which they are tried. */
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { asFields, asList, asText, isFields, specOf, type Fields } from '@/lib/validation/read'
import { inheriting, whyNoDelegate } from '../delegates'
import { hostSpecificity, resolveHost, hostMatches } from '../hosts'
import { readObjects, type Read } from '../objects'
import type { RouteRules, ServiceRules, VirtualServiceRules } from '../service-rules'
import { unreadAmong, wordsOfKinds } from '../unread'
import type { VirtualServiceSpec } from '../schemas/networking'
import { routeMatch, virtualServiceMatch } from '../split/match-words'
import { actionLines, destinationWords, plainActionLines } from './action'
import { durationWords, line, listWords, nameOf, percentWords, warning, type StoryLine } from './story'

type Service = Read<VirtualServiceSpec>

/** What requests of the mesh's own callers for `host` meet. */
export function meshRuleLines(rules: ServiceRules, host: string, index: InventoryIndex): StoryLine[] {
  const own = rules.virtualServices.filter(({ isHost }) => isHost).sort(byHostThenAge(host))
  const routes = rules.routes.filter(({ isParent }) => isParent)
  const [first, ...others] = own
  const lines: StoryLine[] = []
  if (first) lines.push(...ruleLines(first.virtualService, 'mesh', index))
  for (const { virtualService } of others) {
    lines.push(
      warning(
        `virtual service ${fullName(virtualService)} speaks for this host too and has no effect: ${
          first ? fullName(first.virtualService) : ''
        } is ${isNarrower(first, virtualService, host) ? 'more specific' : 'older'}`,
        { object: nameOf(virtualService.object) },
      ),
    )
  }
  if (first && routes.length > 0) {
    lines.push(
      warning(
        `${listWords(routes.map(({ route }) => `${route.object.kind} ${fullName(route)}`))} also ${
          routes.length === 1 ? 'hangs' : 'hang'
        } on this service; of a route and a virtual service for one host the older counts`,
        { object: routes[0] ? nameOf(routes[0].route.object) : null },
      ),
    )
  }
  if (!first) for (const route of routes) lines.push(...routeLines(route, index))
  const unread = unreadAmong(index.inventory, ['VirtualService', 'HTTPRoute', 'GRPCRoute'])
  if (unread.length > 0) {
    lines.push(
      warning(
        `which ${lines.length > 0 ? 'other rules' : 'rules'} there are is not known: Heddle may not read ${wordsOfKinds(unread)}`,
      ),
    )
  } else if (!first && routes.length === 0) {
    lines.push(line('no rule speaks for this host: each request goes to one of its ready pods'))
  }
  return lines
}

/** How requests come in from gateways: rules that are bound to one and send here. */
export function gatewayRuleLines(rules: ServiceRules, host: string, index: InventoryIndex): StoryLine[] {
  const lines: StoryLine[] = []
  for (const { virtualService } of rules.virtualServices) {
    const gateways = gatewaysOf(virtualService).filter((gateway) => gateway !== 'mesh')
    if (gateways.length === 0) continue
    const sending = numbered(virtualService, index).filter(({ rule, namespace }) =>
      sendsTo(rule, host, namespace),
    )
    for (const { rule, number, match } of sending) {
      lines.push(
        line(
          `through ${gateways.length === 1 ? 'gateway' : 'gateways'} ${listWords(gateways)}, host ${listWords(
            virtualService.spec.hosts,
          )}: rule ${number} of ${fullName(virtualService)} sends ${match} here${shareWords(rule, host, virtualService.namespace)}`,
          { object: nameOf(virtualService.object) },
        ),
      )
    }
  }
  for (const { route, isParent, rules: sending } of rules.routes) {
    if (isParent) continue
    const parents = route.spec.parentRefs.map(
      (parent) => `${parent.namespace ?? route.namespace}/${parent.name}`,
    )
    for (const rule of sending) {
      lines.push(
        line(
          `through ${listWords(parents)}, host ${listWords(route.spec.hostnames ?? ['*'])}: ${
            route.object.kind
          } ${fullName(route)} sends ${routeMatch(rule.matches)} here`,
          { object: nameOf(route.object) },
        ),
      )
    }
  }
  return lines
}

interface NumberedRule {
  /** `1`, and `1.2` for a rule of a delegate */
  number: string
  rule: Fields
  /** in words */
  match: string
  isEvery: boolean
  namespace: string
  name: string | null
  /** the delegate it stands in */
  within: Service | null
  /** the delegate it cannot go on with, and why */
  missing: string | null
}

/** The HTTP rules of a virtual service with those of its delegates in their place. */
function numbered(virtualService: Service, index: InventoryIndex, gateway?: string): NumberedRule[] {
  const { namespace } = virtualService
  const http = asList(specOf(virtualService.object).http).filter(isFields)
  return http.flatMap((rule, place): NumberedRule[] => {
    if (gateway !== undefined && !holdsAt(rule, gateway, namespace)) return []
    const base = {
      number: String(place + 1),
      rule,
      match: matchWords(rule),
      isEvery: matchWords(rule) === EVERY,
      namespace,
      name: asText(rule.name) || null,
      within: null,
      missing: null,
    }
    if (!isFields(rule.delegate)) return [base]
    const where = asText(rule.delegate.namespace) || namespace
    const name = asText(rule.delegate.name)
    const found = readObjects(index).virtualServices.find(
      (each) => each.namespace === where && each.name === name,
    )
    const delegate = found && {
      hosts: found.spec.hosts,
      exportTo: found.spec.exportTo ?? [],
      namespace: where,
    }
    const why = whyNoDelegate(delegate, namespace)
    if (!found || why !== null) return [{ ...base, missing: `${where}/${name} ${why ?? ''}` }]
    return asList(specOf(found.object).http)
      .filter(isFields)
      .map((inner, at) => {
        const own = matchWords(inner)
        const both = [base.match, own].filter((words) => words !== EVERY)
        return {
          number: `${place + 1}.${at + 1}`,
          rule: inheriting(rule, inner),
          match: both.length === 0 ? EVERY : both.join(', of these '),
          isEvery: base.isEvery && own === EVERY,
          namespace: where,
          name: asText(inner.name) || null,
          within: found,
          missing: null,
        }
      })
  })
}

const EVERY = 'every request'

/** All rules of one virtual service as `gateway` (`mesh`, or `namespace/name`) sees them. */
export function ruleLines(virtualService: Service, gateway: string, index: InventoryIndex): StoryLine[] {
  const object = nameOf(virtualService.object)
  const lines: StoryLine[] = []
  let every: string | null = null
  const rules = numbered(virtualService, index, gateway)
  for (const each of rules) {
    const title = `rule ${each.number}${each.name === null ? '' : ` (${each.name})`}: ${each.match}`
    const own = each.within ? nameOf(each.within.object) : object
    if (every !== null) {
      lines.push(warning(`${title} – never reached, rule ${every} takes every request`, { object: own }))
      continue
    }
    lines.push(line(title, { object: own }))
    if (each.missing !== null) {
      lines.push(warning(`virtual service ${each.missing}, so the rule has no effect`, { depth: 1 }))
      continue
    }
    if (each.within) {
      lines.push(line(`goes on with virtual service ${fullName(each.within)} (delegate)`, { depth: 1 }))
    }
    lines.push(...actionLines(each.rule, index, each.namespace))
    if (each.isEvery) every = each.number
  }
  const spec = specOf(virtualService.object)
  for (const kind of ['tls', 'tcp'] as const) {
    for (const [at, rule] of asList(spec[kind]).filter(isFields).entries()) {
      const match = virtualServiceMatch(asList(rule.match).filter(isFields), kind)
      lines.push(line(`${kind.toUpperCase()} rule ${at + 1}: ${match}`, { object }))
      lines.push(...plainActionLines(rule, index, virtualService.namespace))
    }
  }
  if (rules.length > 0 && every === null) {
    lines.push(warning('anything else is answered 404 (no route matched, NR)', { object }))
  }
  return lines
}

/** https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule */
function routeLines({ route, rules }: RouteRules, index: InventoryIndex): StoryLine[] {
  const object = nameOf(route.object)
  const written = asList(specOf(route.object).rules).filter(isFields)
  const lines: StoryLine[] = [
    line(`${route.object.kind} ${fullName(route)}; of several matches the most specific counts`, { object }),
  ]
  for (const [place, rule] of rules.entries()) {
    lines.push(line(`rule ${place + 1}: ${routeMatch(rule.matches)}`, { object }))
    const raw = written[place] ?? {}
    const filters = asList(raw.filters)
      .filter(isFields)
      .map((filter) => FILTER_WORDS[asText(filter.type)] ?? asText(filter.type))
    if (filters.length > 0) lines.push(line(listWords(filters), { depth: 1, object }))
    const backends = asList(raw.backendRefs).filter(isFields)
    const total = backends.reduce((sum, each) => sum + weightOf(each), 0)
    for (const backend of backends) {
      const where = asText(backend.namespace) || route.namespace
      const to = destinationWords(
        { host: `${asText(backend.name)}.${where}.svc.cluster.local`, port: { number: backend.port } },
        index,
        route.namespace,
      )
      const share = total > 0 ? weightOf(backend) / total : 0
      const how = backends.length === 1 ? 'sent' : `${percentWords(share * 100)} sent`
      lines.push(line(`${how} to ${to.words}`, { depth: 1 }))
      if (to.problem !== null && share > 0) lines.push(warning(to.problem, { depth: 2 }))
    }
    if (backends.length > 0 && total === 0) {
      lines.push(warning('every weight is 0: answered 500', { depth: 1 }))
    }
    const { request, backendRequest } = asFields(raw.timeouts)
    if (typeof request === 'string') {
      lines.push(line(`given up after ${durationWords(request)}, all tries together (timeout)`, { depth: 1 }))
    }
    if (typeof backendRequest === 'string') {
      lines.push(line(`each try at most ${durationWords(backendRequest)}`, { depth: 1 }))
    }
  }
  return lines
}

const FILTER_WORDS: Readonly<Record<string, string>> = {
  RequestHeaderModifier: 'request headers are changed',
  ResponseHeaderModifier: 'answer headers are changed',
  RequestMirror: 'copied to a mirror; answers to copies are thrown away',
  RequestRedirect: 'answered with a redirect',
  URLRewrite: 'path or host is rewritten',
}

function weightOf(backend: Fields): number {
  return typeof backend.weight === 'number' ? backend.weight : 1
}

function matchWords(rule: Fields): string {
  return virtualServiceMatch(asList(rule.match).filter(isFields), 'http')
}

/** A rule may name the gateways it is for; where one alternative does not, it is for all of its object. */
function holdsAt(rule: Fields, gateway: string, namespace: string): boolean {
  const matches = asList(rule.match).filter(isFields)
  if (matches.length === 0) return true
  return matches.some((match) => {
    const named = asList(match.gateways).filter((each): each is string => typeof each === 'string')
    return named.length === 0 || named.some((each) => fullGateway(each, namespace) === gateway)
  })
}

export function gatewaysOf({ spec, namespace }: Service): string[] {
  const named = spec.gateways ?? []
  return named.length === 0 ? ['mesh'] : named.map((each) => fullGateway(each, namespace))
}

function fullGateway(name: string, namespace: string): string {
  return name === 'mesh' || name.includes('/') ? name : `${namespace}/${name}`
}

function sendsTo(rule: Fields, host: string, namespace: string): boolean {
  return asList(rule.route)
    .filter(isFields)
    .some((each) => resolveHost(asText(asFields(each.destination).host), namespace) === host)
}

/** ` (20 %)` where a rule sends only some of its requests here. */
function shareWords(rule: Fields, host: string, namespace: string): string {
  const route = asList(rule.route).filter(isFields)
  const weight = (each: Fields) => (typeof each.weight === 'number' ? each.weight : 0)
  const total = route.reduce((sum, each) => sum + weight(each), 0)
  if (route.length < 2 || total === 0) return ''
  const here = route
    .filter((each) => resolveHost(asText(asFields(each.destination).host), namespace) === host)
    .reduce((sum, each) => sum + weight(each), 0)
  return here === total ? '' : ` (${percentWords((here / total) * 100)} of them)`
}

function narrowness({ spec, namespace }: Service, host: string): number {
  return Math.max(
    0,
    ...spec.hosts
      .map((pattern) => resolveHost(pattern, namespace))
      .filter((pattern) => hostMatches(pattern, host))
      .map(hostSpecificity),
  )
}

function byHostThenAge(host: string) {
  return ({ virtualService: a }: VirtualServiceRules, { virtualService: b }: VirtualServiceRules): number =>
    narrowness(b, host) - narrowness(a, host) ||
    (a.createdAt === b.createdAt ? 0 : a.createdAt - b.createdAt) ||
    (fullName(a) < fullName(b) ? -1 : 1)
}

function isNarrower(first: VirtualServiceRules | undefined, than: Service, host: string): boolean {
  return first !== undefined && narrowness(first.virtualService, host) > narrowness(than, host)
}

function fullName({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`
}
