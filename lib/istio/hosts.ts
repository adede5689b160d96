/**
 * Host names of Istio's and Kubernetes' objects: short names, wildcards, visibility.
 * Rules: Istio resolves a host without any dot against the namespace of the object that names it;
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService
 */

export const CLUSTER_DOMAIN = 'cluster.local'

/** The full name of a host as an object of `namespace` means it; names with a dot and wildcards stay as they are. */
export function resolveHost(host: string, namespace: string): string {
  const plain = host.toLowerCase().replace(/\.$/, '')
  if (plain.includes('.') || plain.includes('*')) return plain
  return serviceHost(plain, namespace)
}

/** `reviews.bookinfo.svc.cluster.local` */
export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.svc.${CLUSTER_DOMAIN}`
}

/**
 * Name and namespace of a Kubernetes service's full host (`a.b.svc` or `a.b.svc.<domain>`), or undefined.
 * A pod of a headless service has its own name in front: `pod.a.b.svc.<domain>`.
 */
export function parseServiceHost(host: string): { name: string; namespace: string } | undefined {
  const parts = host.split('.')
  const svc = parts.indexOf('svc')
  const [name, namespace] = [parts[svc - 2], parts[svc - 1]]
  if ((svc !== 2 && svc !== 3) || !name || !namespace || parts[0] === '') return undefined
  return { name, namespace }
}

/** True when `host` is covered by `pattern`: equal, `*`, or `*.suffix` with at least one more label. */
export function hostMatches(pattern: string, host: string): boolean {
  if (pattern === '*' || pattern === host) return true
  return pattern.startsWith('*.') && host.length > pattern.length - 1 && host.endsWith(pattern.slice(1))
}

/** True when two patterns can name the same host, as Gateway and virtual service hosts do. */
export function hostsOverlap(a: string, b: string): boolean {
  if (hostMatches(a, b) || hostMatches(b, a)) return true
  // "*.a.b" lies within "*.b"
  if (a.startsWith('*.') && b.startsWith('*.')) return a.endsWith(b.slice(1)) || b.endsWith(a.slice(1))
  return false
}

/** How narrowly a pattern names a host: an exact one beats any wildcard, a longer wildcard a shorter one. */
export function hostSpecificity(pattern: string): number {
  return pattern.includes('*') ? pattern.length : 10_000 + pattern.length
}

/**
 * True when an object of `owner` namespace is visible from `namespace`.
 * `exportTo` absent or empty means everywhere (Istio's default unless the mesh says otherwise).
 */
export function isVisibleFrom(
  exportTo: readonly string[] | undefined,
  owner: string,
  namespace: string,
): boolean {
  if (exportTo === undefined || exportTo.length === 0) return true
  return exportTo.some((to) => to === '*' || (to === '.' ? owner === namespace : to === namespace))
}

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}(:\d+)?$/
const IPV6 = /^\[?[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*\]?(:\d+)?$/i

/** True for a bare address, with or without port: what proxies write for a pod that is coming or going. */
export function isIpAddress(host: string): boolean {
  return IPV4.test(host) || IPV6.test(host)
}
