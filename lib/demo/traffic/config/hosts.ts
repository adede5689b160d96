/** Hosts as Istio's objects write them. Rule: https://istio.io/latest/docs/reference/config/networking/virtual-service/ */

export const CLUSTER_DOMAIN = 'cluster.local'

export function serviceHost(namespace: string, service: string): string {
  return `${service}.${namespace}.svc.${CLUSTER_DOMAIN}`
}

/** A short name belongs to the namespace of the object that says it; a name with a dot is left as it is. */
export function fullHost(host: string, namespace: string): string {
  return host.includes('.') || host === '*' || host === '' ? host : serviceHost(namespace, host)
}

/** Does a host, or a wildcard such as `*.example.com` or `*`, take in this host? */
export function hostMatches(pattern: string, host: string): boolean {
  if (pattern === '*' || pattern === host) return true
  return pattern.startsWith('*.') && host.length > pattern.length - 1 && host.endsWith(pattern.slice(1))
}

/** Rank of a pattern: exact above any wildcard, a longer wildcard above a shorter one. */
export function hostRank(pattern: string): number {
  return pattern.startsWith('*') ? pattern.length : 10_000
}

/** May objects and proxies of `client` see what a namespace exports so? Nothing said means everyone. */
export function isExported(exportTo: readonly string[], owner: string, client: string): boolean {
  if (exportTo.length === 0) return true
  return exportTo.some((to) => to === '*' || (to === '.' ? owner === client : to === client))
}
