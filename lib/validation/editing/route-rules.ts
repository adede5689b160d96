import { isFields, items, asFields, asText, specOf, findNumber, type Fields } from '@/lib/validation/read'
import type { Rules, Say } from '@/lib/validation/checkers/schema/rules/say'
import {
  isHeaderName,
  isPort,
  parseDuration,
  wildcardHostProblem,
} from '@/lib/validation/checkers/schema/rules/values'
import type { FieldPath } from '@/lib/validation/finding'
import { re2Problem } from '@/lib/validation/lookups/re2'

/**
 * What the Gateway API's definitions ask of HTTPRoute, GRPCRoute and Gateway, field by field.
 * Source: the patterns and validations of gateway.networking.k8s.io/v1, https://gateway-api.sigs.k8s.io/reference/spec/
 */
export const routeRules: Rules = (object, say) => {
  const spec = specOf(object)
  for (const [index, host] of texts(spec.hostnames).entries())
    checkHost(host, ['spec', 'hostnames', index], say)
  if (object.kind === 'HTTPRoute' || object.kind === 'GRPCRoute') {
    for (const [rule, index] of items(spec.rules)) checkRule(rule, ['spec', 'rules', index], say)
  }
  if (object.kind === 'Gateway') {
    for (const [listener, index] of items(spec.listeners))
      checkListener(listener, ['spec', 'listeners', index], say)
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(asText) : []
}

function checkHost(host: string, path: FieldPath, say: Say): void {
  const problem =
    host === '*' ? '* is not written as a host; leave it out for all' : wildcardHostProblem(host)
  if (problem !== undefined) say.error(path, `The host cannot be used: ${problem}.`)
}

function checkRule(rule: Fields, path: FieldPath, say: Say): void {
  for (const [match, index] of items(rule.matches)) checkMatch(match, [...path, 'matches', index], say)
  const timeouts = asFields(rule.timeouts)
  const request = checkDuration(timeouts.request, [...path, 'timeouts', 'request'], say)
  const tryTimeout = checkDuration(timeouts.backendRequest, [...path, 'timeouts', 'backendRequest'], say)
  // zero switches a timeout off
  if (request && tryTimeout && tryTimeout > request) {
    say.error(
      [...path, 'timeouts', 'backendRequest'],
      'One try cannot take longer than the whole request. Shorten it, or lengthen the timeout of the request.',
    )
  }
  const retry = asFields(rule.retry)
  if (typeof retry.attempts === 'number' && retry.attempts < 0)
    say.error([...path, 'retry', 'attempts'], `${retry.attempts} attempts cannot be made.`)
  checkDuration(retry.backoff, [...path, 'retry', 'backoff'], say)
  checkFilters(rule, path, say)
  for (const [backend, index] of items(rule.backendRefs)) {
    const at = [...path, 'backendRefs', index]
    if (asText(backend.name) === '') say.error([...at, 'name'], 'A backend needs the name of a service.')
    if ((backend.kind ?? 'Service') === 'Service' && !isPort(backend.port))
      say.error([...at, 'port'], 'A service as backend needs a port from 1 to 65535.')
  }
}

function checkMatch(match: Fields, path: FieldPath, say: Say): void {
  if (isFields(match.path)) {
    const { type = 'PathPrefix' } = match.path
    const value = asText(match.path.value)
    if (type === 'RegularExpression') checkRegex(value, [...path, 'path'], say)
    else if (!value.startsWith('/')) say.error([...path, 'path'], 'A path begins with /.')
    else if (/\/\/|\/\.\.?(\/|$)|%2f|#/i.test(value))
      say.error([...path, 'path'], `The path ${value} cannot hold //, /., /.., %2F or #.`)
  }
  if (isFields(match.method)) checkCall(match.method, [...path, 'method'], say)
  for (const field of ['headers', 'queryParams']) {
    for (const [condition, index] of items(match[field])) {
      const name = asText(condition.name)
      const at = [...path, field, index]
      if (field === 'headers' ? !isHeaderName(name) : name === '')
        say.error(
          [...at, 'name'],
          `${name || 'An empty text'} is no name of a ${field === 'headers' ? 'header' : 'query parameter'}.`,
        )
      if (condition.type === 'RegularExpression') checkRegex(asText(condition.value), at, say)
      else if (asText(condition.value) === '')
        say.error([...at, 'value'], 'There is nothing to compare with.')
    }
  }
}

/** Service and method of a gRPC call: one of them at least. */
function checkCall(call: Fields, path: FieldPath, say: Say): void {
  const [service, method] = [asText(call.service), asText(call.method)]
  if (service === '' && method === '') say.error(path, 'Name the service, the method, or both.')
  if (call.type === 'RegularExpression') {
    if (service !== '') checkRegex(service, [...path, 'service'], say)
    if (method !== '') checkRegex(method, [...path, 'method'], say)
    return
  }
  if (service !== '' && !/^\.?[a-z_]\w*(\.[a-z_]\w*)*$/i.test(service))
    say.error([...path, 'service'], `${service} is no name of a gRPC service, such as package.Service.`)
  if (method !== '' && !/^[a-z_]\w*$/i.test(method))
    say.error([...path, 'method'], `${method} is no name of a gRPC method.`)
}

function checkRegex(pattern: string, path: FieldPath, say: Say): void {
  const problem = pattern === '' ? 'it is empty' : re2Problem(pattern)
  if (problem !== undefined) say.error(path, `The regular expression cannot be used: ${problem}.`)
}

/** GEP-2257: up to four parts of whole numbers with h, m, s or ms. */
function checkDuration(value: unknown, path: FieldPath, say: Say): number | undefined {
  if (typeof value !== 'string') return undefined
  if (/^([0-9]{1,5}(h|m|s|ms)){1,4}$/.test(value)) return parseDuration(value)
  say.error(
    path,
    `${value || 'An empty text'} is no duration here. Write whole numbers as 500ms, 5s or 1h30m.`,
  )
  return undefined
}

function checkFilters(rule: Fields, path: FieldPath, say: Say): void {
  const types = items(rule.filters).map(([filter]) => filter.type)
  const [redirects, rewrites] = ['RequestRedirect', 'URLRewrite'].map((type) => types.includes(type))
  if (redirects && rewrites)
    say.error([...path, 'filters'], 'A rule redirects or rewrites, not both. Leave one of them.')
  if (redirects && items(rule.backendRefs).length > 0)
    say.error(
      [...path, 'filters'],
      'A rule that redirects sends nothing on. Remove its backends, or the redirect.',
    )
  for (const [filter, index] of items(rule.filters)) {
    const at = [...path, 'filters', index]
    const mirror = asFields(filter.requestMirror)
    const percent = findNumber(mirror.percent)
    if (percent !== undefined && (percent < 0 || percent > 100))
      say.error([...at, 'requestMirror', 'percent'], `${percent} is no percentage. Use 0 to 100.`)
    if (filter.type === 'RequestMirror' && !isPort(asFields(mirror.backendRef).port))
      say.error([...at, 'requestMirror', 'backendRef', 'port'], 'A mirror needs the port of its service.')
    const { statusCode } = asFields(filter.requestRedirect)
    if (statusCode !== undefined && ![301, 302, 303, 307, 308].includes(Number(statusCode)))
      say.error(
        [...at, 'requestRedirect', 'statusCode'],
        `${String(statusCode)} is no redirect. Use 301, 302, 303, 307 or 308.`,
      )
  }
}

function checkListener(listener: Fields, path: FieldPath, say: Say): void {
  if (asText(listener.name) === '') say.error([...path, 'name'], 'A listener needs a name.')
  if (!isPort(listener.port)) say.error([...path, 'port'], 'A listener needs a port from 1 to 65535.')
  if (asText(listener.hostname) !== '') checkHost(asText(listener.hostname), [...path, 'hostname'], say)
  const tls = asFields(listener.tls)
  const endsTls = (tls.mode ?? 'Terminate') === 'Terminate'
  if (listener.protocol === 'HTTPS' && endsTls && items(tls.certificateRefs).length === 0)
    say.error([...path, 'tls'], 'A listener for HTTPS needs a certificate.')
}
