/** A kind as a reader knows it; Istio and the Gateway API both have a Gateway. Pure. */
export function kindWords({ group, kind }: { group: string; kind: string }): string {
  return group === 'gateway.networking.k8s.io' && kind === 'Gateway' ? 'Gateway (Gateway API)' : kind
}
