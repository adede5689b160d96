/**
 * What a sidecar knows of the mesh, and what it does with the rest.
 * Reference: https://istio.io/latest/docs/reference/config/networking/sidecar/
 */
import type { KubernetesObject } from '@/lib/demo/model'
import { hostMatches } from './hosts'
import { byAge, fields, groupBy, hasFields, isIstio, items, labelsOf, selects, strings, text } from './read'

export interface Egress {
  /** may the proxy of this client see a host that lives in this namespace? */
  sees: (namespace: string, host: string) => boolean
  /** null: as the mesh says */
  outboundPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY' | null
}

const SEES_ALL: Egress = { sees: () => true, outboundPolicy: null }

export class SidecarConfigs {
  private readonly byNamespace: Map<string, KubernetesObject[]>
  private readonly rootNamespace: string

  constructor(objects: readonly KubernetesObject[], rootNamespace: string) {
    this.byNamespace = groupBy(
      objects.filter(isIstio).sort(byAge),
      (object) => object.metadata.namespace ?? '',
    )
    this.rootNamespace = rootNamespace
  }

  /** One that selects the workload, else the namespace's own, else the mesh's. */
  egressOf(client: { namespace: string; labels: Record<string, string> }): Egress {
    const own = this.byNamespace.get(client.namespace) ?? []
    const selectorOf = (object: KubernetesObject) => fields(fields(object.spec).workloadSelector).labels
    const object =
      own.find((one) => hasFields(selectorOf(one)) && selects(labelsOf(selectorOf(one)), client.labels)) ??
      own.find((one) => !hasFields(selectorOf(one))) ??
      this.byNamespace.get(this.rootNamespace)?.find((one) => !hasFields(selectorOf(one)))
    if (object === undefined) return SEES_ALL
    const spec = fields(object.spec)
    const hosts = items(spec.egress).flatMap((egress) => strings(egress.hosts))
    const mode = text(fields(spec.outboundTrafficPolicy).mode)
    return {
      sees:
        hosts.length === 0
          ? () => true
          : (namespace, host) => isSeen(hosts, client.namespace, namespace, host),
      outboundPolicy: mode === 'REGISTRY_ONLY' || mode === 'ALLOW_ANY' ? mode : null,
    }
  }
}

function isSeen(hosts: readonly string[], own: string, namespace: string, host: string): boolean {
  return hosts.some((entry) => {
    const slash = entry.indexOf('/')
    const where = slash < 0 ? '*' : entry.slice(0, slash)
    const pattern = entry.slice(slash + 1)
    const isThere = where === '*' || (where === '.' ? namespace === own : where === namespace)
    return isThere && hostMatches(pattern, host)
  })
}
