/** What a rule of a route asks of a request, in words. */

type Json = Readonly<Record<string, unknown>>

const EVERYTHING = 'every request'

/**
 * Which requests a rule of a virtual service takes; entries are alternatives, conditions of one entry hold together.
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest
 */
export function virtualServiceMatch(
  matches: readonly Json[] | undefined,
  kind: 'http' | 'tcp' | 'tls',
): string {
  const everything = kind === 'http' ? EVERYTHING : 'every connection'
  return alternatives(
    (matches ?? []).map((match) =>
      Object.entries(match).flatMap(([field, value]) => istioCondition(field, value)),
    ),
    everything,
  )
}

/**
 * Which requests a rule of an HTTPRoute or GRPCRoute takes.
 * https://gateway-api.sigs.k8s.io/reference/spec/#httproutematch
 */
export function routeMatch(matches: readonly Json[] | undefined): string {
  return alternatives(
    (matches ?? []).map((match) =>
      Object.entries(match).flatMap(([field, value]) => gatewayCondition(field, value)),
    ),
    EVERYTHING,
  )
}

function alternatives(entries: readonly (readonly string[])[], everything: string): string {
  // an alternative without conditions takes whatever comes
  if (entries.length === 0 || entries.some((conditions) => conditions.length === 0)) return everything
  return entries.map((conditions) => conditions.join(' and ')).join(', or ')
}

const TEXT_FIELDS: Readonly<Record<string, string>> = {
  uri: 'path',
  scheme: 'scheme',
  method: 'method',
  authority: 'host',
}

function istioCondition(field: string, value: unknown): string[] {
  const word = TEXT_FIELDS[field]
  if (word !== undefined) return [`${word} ${stringMatch(value)}`]
  switch (field) {
    case 'headers':
    case 'queryParams':
      return pairs(value).map(
        ([key, each]) => `${field === 'headers' ? 'header' : 'query parameter'} ${key} ${stringMatch(each)}`,
      )
    case 'withoutHeaders':
      return pairs(value).map(([key, each]) => `not header ${key} ${stringMatch(each)}`)
    case 'port':
      return [`port ${plain(value)}`]
    case 'sniHosts':
      return [`server name ${list(value)}`]
    case 'destinationSubnets':
      return [`address in ${list(value)}`]
    case 'gateways':
      return [`through ${list(value)}`]
    case 'sourceLabels':
      return [
        `from ${pairs(value)
          .map(([key, each]) => `${key}=${plain(each)}`)
          .join(', ')}`,
      ]
    case 'sourceNamespace':
      return [`from namespace ${plain(value)}`]
    // neither narrows what is taken: a name for statistics, a way to compare
    case 'name':
    case 'statPrefix':
    case 'ignoreUriCase':
      return []
    default:
      return [`${field} ${plain(value)}`]
  }
}

/** `{exact}`, `{prefix}`, `{regex}`; none of them means that the thing is there. */
function stringMatch(value: unknown): string {
  const [how, text] = pairs(value)[0] ?? []
  if (how === undefined) return 'is there'
  if (how === 'exact') return `is ${plain(text)}`
  return how === 'prefix' ? `starts with ${plain(text)}` : `matches ${plain(text)}`
}

function gatewayCondition(field: string, value: unknown): string[] {
  const fields = Object.fromEntries(pairs(value))
  switch (field) {
    case 'path':
      // the API server writes this one where there is none
      if ((fields.type ?? 'PathPrefix') === 'PathPrefix' && (fields.value ?? '/') === '/') return []
      return [`path ${typed(fields.type ?? 'PathPrefix', fields.value)}`]
    case 'method':
      if (typeof value === 'string') return [`method is ${value}`]
      return [
        `method ${typed(fields.type ?? 'Exact', [fields.service, fields.method].filter(Boolean).join('/'))}`,
      ]
    case 'headers':
    case 'queryParams':
      return (Array.isArray(value) ? value : []).map((each) => {
        const { name, type, value: text } = Object.fromEntries(pairs(each))
        return `${field === 'headers' ? 'header' : 'query parameter'} ${plain(name)} ${typed(type ?? 'Exact', text)}`
      })
    default:
      return [`${field} ${plain(value)}`]
  }
}

function typed(type: unknown, value: unknown): string {
  if (type === 'Exact') return `is ${plain(value)}`
  return type === 'PathPrefix' ? `starts with ${plain(value)}` : `matches ${plain(value)}`
}

function pairs(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function list(value: unknown): string {
  return (Array.isArray(value) ? value : [value]).map(plain).join(', ')
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
