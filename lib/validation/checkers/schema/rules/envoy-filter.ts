import type { FieldPath } from '@/lib/validation/finding'
import { re2Problem } from '@/lib/validation/lookups/re2'
import { asFields, asText, isFields, items, specOf, type Fields } from '@/lib/validation/read'
import type { Rules, Say } from './say'
import { checkSelector } from './values'

const LISTENERS = new Set(['LISTENER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'HTTP_FILTER'])
const ROUTES = new Set(['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE'])
const CONNECTION_MANAGERS = new Set([
  'envoy.filters.network.http_connection_manager',
  'envoy.http_connection_manager',
])

/** Names of filters before Envoy renamed them, which patches no longer match. */
const RENAMED: Readonly<Record<string, string>> = {
  'envoy.http_connection_manager': 'envoy.filters.network.http_connection_manager',
  'envoy.tcp_proxy': 'envoy.filters.network.tcp_proxy',
  'envoy.router': 'envoy.filters.http.router',
  'envoy.cors': 'envoy.filters.http.cors',
  'envoy.fault': 'envoy.filters.http.fault',
  'envoy.lua': 'envoy.filters.http.lua',
  'envoy.ext_authz': 'envoy.filters.http.ext_authz',
  'envoy.gzip': 'envoy.filters.http.gzip',
  'envoy.grpc_web': 'envoy.filters.http.grpc_web',
  'envoy.rate_limit': 'envoy.filters.http.ratelimit',
  'envoy.buffer': 'envoy.filters.http.buffer',
  'envoy.health_check': 'envoy.filters.http.health_check',
  'envoy.mongo_proxy': 'envoy.filters.network.mongo_proxy',
  'envoy.redis_proxy': 'envoy.filters.network.redis_proxy',
}

/** Source: istio/istio pkg/config/validation/envoyfilter/envoyfilter.go */
export const envoyFilterRules: Rules = (object, say) => {
  const spec = specOf(object)
  say.warning(
    ['spec'],
    'An EnvoyFilter patches the proxy’s inner configuration, which may change with any release. Prefer other objects where they can do it, and read the release notes before an upgrade.',
  )
  checkSelector(
    spec.workloadSelector,
    'labels',
    ['spec', 'workloadSelector'],
    say,
    'applies to all workloads of the namespace',
  )
  for (const [config, index] of items(spec.configPatches))
    checkPatch(config, ['spec', 'configPatches', index], say)
}

function checkPatch(config: Fields, path: FieldPath, say: Say): void {
  const applyTo = asText(config.applyTo)
  const { patch } = config
  const match = asFields(config.match)
  if (applyTo === '' || applyTo === 'INVALID')
    return say.error(path, 'The patch does not say what it applies to (applyTo).')
  if (!isFields(patch)) return say.error(path, 'The entry has no patch.')
  const operation = asText(patch.operation)
  if (operation === '' || operation === 'INVALID')
    return say.error([...path, 'patch'], 'The patch has no operation.')
  if (operation !== 'REMOVE' && !isFields(patch.value))
    return say.error([...path, 'patch'], `${operation} needs a value.`)
  const version = asText(asFields(match.proxy).proxyVersion)
  const problem = version === '' ? undefined : re2Problem(version)
  if (problem !== undefined) {
    return say.error(
      [...path, 'match', 'proxy', 'proxyVersion'],
      `The regular expression ${version} cannot be used: ${problem}.`,
    )
  }
  const kind = ['listener', 'routeConfiguration', 'cluster', 'waypoint'].find((field) =>
    isFields(match[field]),
  )
  const wanted = LISTENERS.has(applyTo)
    ? 'listener'
    : ROUTES.has(applyTo)
      ? 'routeConfiguration'
      : applyTo === 'CLUSTER'
        ? 'cluster'
        : undefined
  if (kind !== undefined && kind !== 'waypoint' && wanted !== undefined && kind !== wanted) {
    return say.error([...path, 'match', kind], `${applyTo} is matched by ${wanted}, not by ${kind}.`)
  }
  const filter = asFields(asFields(match.listener).filterChain).filter
  if (LISTENERS.has(applyTo) && isFields(filter))
    checkFilter(filter, applyTo, [...path, 'match', 'listener', 'filterChain', 'filter'], say)
}

function checkFilter(filter: Fields, applyTo: string, path: FieldPath, say: Say): void {
  if (applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN') {
    say.warning(path, `Matching a filter has no effect with ${applyTo}. Remove it.`)
  }
  const name = asText(filter.name)
  if (name === '') return say.error(path, 'The filter to match has no name.')
  const { subFilter } = filter
  if (isFields(subFilter)) {
    if (applyTo !== 'HTTP_FILTER')
      return say.error([...path, 'subFilter'], 'A subFilter is matched with HTTP_FILTER only.')
    if (!CONNECTION_MANAGERS.has(name)) {
      return say.error(
        [...path, 'name'],
        'A subFilter is matched within envoy.filters.network.http_connection_manager.',
      )
    }
    if (asText(subFilter.name) === '')
      return say.error([...path, 'subFilter'], 'The subFilter to match has no name.')
  }
  for (const [value, at] of [
    [name, [...path, 'name']],
    [asText(asFields(subFilter).name), [...path, 'subFilter', 'name']],
  ] as const) {
    const renamed = RENAMED[value]
    if (renamed !== undefined) say.warning(at, `The filter ${value} is now called ${renamed}. Use that name.`)
  }
}
