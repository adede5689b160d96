import { hostsOverlap } from '@/lib/istio/hosts'
import type { FieldPath } from '@/lib/validation/finding'
import { isIp, isSubnet } from '@/lib/validation/lookups/addresses'
import { asFields, asList, asText, asTexts, items, specOf, type Fields } from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'
import { checkGatewayNames, checkHttpRoute, checkWeights } from './http-route'
import type { Rules, Say } from './say'
import { checkExportTo, checkLabels, checkPort, wildcardHostProblem } from './values'

/** Source: istio/istio pkg/config/validation/validation.go, ValidateVirtualService */
export const virtualServiceRules: Rules = (object, say) => {
  const spec = specOf(object)
  const hosts = asTexts(spec.hosts)
  const gateways = asTexts(spec.gateways)
  const isDelegate = hosts.length === 0
  if (isDelegate) {
    for (const field of ['gateways', 'tls', 'tcp']) {
      if (asList(spec[field]).length === 0) continue
      say.error(
        ['spec', field],
        `Without hosts this is a delegate, which cannot have ${field}. Add hosts, or remove them.`,
      )
    }
  }
  checkGatewayNames(spec.gateways, ['spec', 'gateways'], say)
  // istiod's rule: one that names the mesh too is judged as of the mesh
  const isForGateways = gateways.length > 0 && !gateways.includes('mesh')
  if (!isForGateways) checkClaims(spec, say)
  checkHosts(hosts, spec, isForGateways, say)
  if (['http', 'tcp', 'tls'].every((field) => asList(spec[field]).length === 0)) {
    say.error(['spec'], 'There are no rules. Add http, tls or tcp.')
  }
  for (const [rule, index] of items(spec.http)) checkHttpRoute(rule, ['spec', 'http', index], isDelegate, say)
  for (const [rule, index] of items(spec.tls)) checkTls(rule, ['spec', 'tls', index], hosts, say)
  for (const [rule, index] of items(spec.tcp)) checkTcp(rule, ['spec', 'tcp', index], say)
  checkExportTo(asTexts(spec.exportTo), namespaceOf(object), say)
}

function checkClaims(spec: Fields, say: Say): void {
  for (const [rule, i] of items(spec.http)) {
    for (const [match, j] of items(rule.match)) {
      for (const field of ['headers', 'withoutHeaders']) {
        for (const name of Object.keys(asFields(match[field]))) {
          if (!name.startsWith('@request.auth.claims')) continue
          const path = ['spec', 'http', i, 'match', j, field, name]
          say.error(
            path,
            'Routing by claims works at gateways only. Bind the virtual service to a gateway alone.',
          )
        }
      }
    }
  }
}

function checkHosts(hosts: readonly string[], spec: Fields, isForGateways: boolean, say: Say): void {
  const routesBySni = items(spec.tls).some(([rule]) =>
    items(rule.match).some(([match]) => asList(match.sniHosts).length > 0),
  )
  let isValid = true
  for (const [index, host] of hosts.entries()) {
    const path = ['spec', 'hosts', index]
    // names of endpoints across networks look like this
    const isInternal = isForGateways && routesBySni && host.startsWith('outbound_.')
    const problem = isInternal ? undefined : wildcardHostProblem(host)
    if (problem !== undefined && !isIp(host)) {
      say.error(path, `The host cannot be used: ${problem}.`)
      isValid = false
    } else if (host === '*' && !isForGateways) {
      say.error(
        path,
        'The host * is for gateways only. Name the hosts, or bind the virtual service to a gateway.',
      )
      isValid = false
    }
  }
  if (!isValid) return
  for (const [index, host] of hosts.entries()) {
    const before = hosts.slice(0, index).find((other) => hostsOverlap(other, host))
    if (before === undefined) continue
    say.error(
      ['spec', 'hosts', index],
      `The host ${host} is covered by ${before} of the same virtual service. Leave one of them.`,
    )
  }
}

function checkTls(rule: Fields, path: FieldPath, hosts: readonly string[], say: Say): void {
  const matches = items(rule.match)
  if (matches.length === 0) say.error(path, 'A TLS rule needs a match with sniHosts.')
  for (const [match, index] of matches) {
    const at = [...path, 'match', index]
    const names = asTexts(match.sniHosts)
    if (names.length === 0) say.error(at, 'A TLS match needs sniHosts.')
    for (const [i, name] of names.entries()) checkSni(name, [...at, 'sniHosts', i], hosts, say)
    checkConnectionMatch(match, at, say)
  }
  checkTargets(rule, path, say)
}

function checkSni(name: string, path: FieldPath, hosts: readonly string[], say: Say): void {
  const problem = name.startsWith('outbound_.') ? undefined : wildcardHostProblem(name)
  if (problem !== undefined) {
    if (isIp(name))
      say.warning(path, `${name} is an address; clients do not send addresses as SNI. Use a host name.`)
    else say.error(path, `The SNI host cannot be used: ${problem}.`)
  } else if (!hosts.some((host) => isWithin(name, host))) {
    say.error(
      path,
      `The SNI host ${name} is none of the virtual service's hosts (${hosts.join(', ')}). Add it there.`,
    )
  }
}

/** True when every name that `inner` stands for is one of `outer`'s. */
function isWithin(inner: string, outer: string): boolean {
  if (inner === outer || outer === '*') return true
  return outer.startsWith('*') && inner.length >= outer.length && inner.endsWith(outer.slice(1))
}

function checkTcp(rule: Fields, path: FieldPath, say: Say): void {
  for (const [match, index] of items(rule.match)) checkConnectionMatch(match, [...path, 'match', index], say)
  checkTargets(rule, path, say)
}

function checkConnectionMatch(match: Fields, path: FieldPath, say: Say): void {
  for (const [index, value] of asList(match.destinationSubnets).entries()) {
    if (isSubnet(asText(value))) continue
    say.error([...path, 'destinationSubnets', index], `${asText(value)} is no address and no range.`)
  }
  checkPort(match.port === 0 ? undefined : match.port, [...path, 'port'], say)
  checkLabels(match.sourceLabels, [...path, 'sourceLabels'], say)
  checkGatewayNames(match.gateways, [...path, 'gateways'], say)
}

function checkTargets(rule: Fields, path: FieldPath, say: Say): void {
  if (asList(rule.route).length === 0) say.error(path, 'The rule says nowhere to go. Give it a route.')
  checkWeights(rule.route, [...path, 'route'], say)
}
