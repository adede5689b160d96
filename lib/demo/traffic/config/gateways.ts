/** What a gateway workload listens for: Istio's Gateways by selector, the Gateway API's by name. */
import type { KubernetesObject } from '@/lib/demo/model'
import { k8sListeners } from './gateway-api'
import type { ListenerState } from './gateway-api'
import { byAge, fields, isIstio, items, labelsOf, number, selects, strings, text } from './read'

export type { ListenerState } from './gateway-api'

/** Listeners of one gateway workload, oldest Gateway first. */
export function listenersOf(
  objects: readonly KubernetesObject[],
  workload: { namespace: string; labels: Record<string, string> },
): ListenerState[] {
  const istio = objects
    .filter(isIstio)
    .sort(byAge)
    .filter((object) => selects(labelsOf(fields(object.spec).selector), workload.labels))
    .flatMap((object) =>
      items(fields(object.spec).servers).map((server) => {
        const port = fields(server.port)
        const tls = fields(server.tls)
        const own = object.metadata.namespace ?? ''
        const hosts = strings(server.hosts).map((host) => scopedHost(host, own))
        return {
          gateway: `${own}/${object.metadata.name}`,
          section: null,
          port: number(port.number) ?? 0,
          protocol: (text(port.protocol) ?? 'HTTP').toUpperCase(),
          hosts: hosts.map(({ host }) => host),
          tlsMode: text(tls.mode) ?? null,
          httpsRedirect: tls.httpsRedirect === true,
          allows: (namespace: string) =>
            hosts.some((scoped) => scoped.namespace === '*' || scoped.namespace === namespace),
        }
      }),
    )
  return [...istio, ...k8sListeners(objects, workload)]
}

/** `namespace/host` limits which routes may bind; a bare host takes them from anywhere. */
function scopedHost(host: string, own: string): { namespace: string; host: string } {
  const slash = host.indexOf('/')
  if (slash < 0) return { namespace: '*', host }
  const namespace = host.slice(0, slash)
  return { namespace: namespace === '.' ? own : namespace, host: host.slice(slash + 1) }
}
