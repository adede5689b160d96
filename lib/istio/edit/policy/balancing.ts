/**
 * How requests are spread over endpoints.
 * https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings
 */
import { asFields, getAt, isFields, setAt, type Fields } from '../fields'
import { textAt, type Binding } from '../form'

export const SIMPLE_BALANCERS = ['LEAST_REQUEST', 'ROUND_ROBIN', 'RANDOM', 'PASSTHROUGH'] as const
/** what one endpoint per value is chosen by */
export const HASH_BALANCERS = ['header', 'cookie', 'queryParam', 'sourceIp'] as const

export interface Balancer {
  /** empty: not set, the mesh's preset */
  kind: '' | (typeof SIMPLE_BALANCERS)[number] | (typeof HASH_BALANCERS)[number] | 'other'
  /** of the header, cookie or query parameter */
  name: string
  /** of a cookie that the proxy sets: path and life */
  path: string
  ttl: string
}

const HASH_FIELDS = ['httpHeaderName', 'httpCookie', 'httpQueryParameterName', 'useSourceIp']

function readBalancer(policy: Fields): Balancer {
  const { simple, consistentHash } = asFields(policy.loadBalancer)
  const none = { name: '', path: '', ttl: '' }
  if (typeof simple === 'string') {
    const known = SIMPLE_BALANCERS.find((each) => each === simple)
    return { kind: known ?? 'other', ...none }
  }
  const hash = asFields(consistentHash)
  if (typeof hash.httpHeaderName === 'string') return { ...none, kind: 'header', name: hash.httpHeaderName }
  if (typeof hash.httpQueryParameterName === 'string') {
    return { ...none, kind: 'queryParam', name: hash.httpQueryParameterName }
  }
  if (hash.useSourceIp === true) return { kind: 'sourceIp', ...none }
  if (isFields(hash.httpCookie)) {
    const text = (field: string) => textAt('httpCookie', field).read(hash)
    return { kind: 'cookie', name: text('name'), path: text('path'), ttl: text('ttl') }
  }
  return { kind: '', ...none }
}

function writeBalancer(policy: Fields, { kind, name, path, ttl }: Balancer): Fields {
  if (kind === 'other') return policy
  const withSimple = (value: string | undefined) => setAt(policy, ['loadBalancer', 'simple'], value)
  if (kind === '' || SIMPLE_BALANCERS.some((each) => each === kind)) {
    const bare = setAt(policy, ['loadBalancer', 'consistentHash'], undefined)
    return setAt(bare, ['loadBalancer', 'simple'], kind === '' ? undefined : kind)
  }
  const before = asFields(getAt(policy, ['loadBalancer', 'consistentHash']))
  // the size of the ring and the like are kept
  const others = Object.fromEntries(Object.entries(before).filter(([field]) => !HASH_FIELDS.includes(field)))
  const cookie = {
    ...asFields(before.httpCookie),
    name,
    ...(path === '' ? { path: undefined } : { path }),
    // zero: a cookie of the session
    ttl: ttl === '' ? '0s' : ttl,
  }
  const by =
    kind === 'header'
      ? { httpHeaderName: name }
      : kind === 'queryParam'
        ? { httpQueryParameterName: name }
        : kind === 'sourceIp'
          ? { useSourceIp: true }
          : { httpCookie: withoutAbsent(cookie) }
  return setAt(withSimple(undefined), ['loadBalancer', 'consistentHash'], { ...by, ...others })
}

function withoutAbsent(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** null: as the mesh has it */
function switchAt(...path: string[]): Binding<boolean | null> {
  return {
    path,
    read: (root) => {
      const value = getAt(root, path)
      return typeof value === 'boolean' ? value : null
    },
    write: (root, value) => setAt(root, path, value ?? undefined),
  }
}

/** Form of a traffic policy. */
export const balancingForm = {
  balancer: { path: ['loadBalancer'], read: readBalancer, write: writeBalancer } satisfies Binding<Balancer>,
  warmup: textAt('loadBalancer', 'warmup', 'duration'),
  isLocalFirst: switchAt('loadBalancer', 'localityLbSetting', 'enabled'),
}
