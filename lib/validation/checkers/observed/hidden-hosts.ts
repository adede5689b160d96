import { isImported, type EgressHost } from '@/lib/istio/egress-hosts'
import { parseServiceHost } from '@/lib/istio/hosts'
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { findService, fullHost } from '@/lib/validation/lookups/hosts'
import { proxyImage } from '@/lib/validation/lookups/injection'
import { GRPC_ROUTE, HTTP_ROUTE, SIDECAR, VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { podsWith, selects, type Labels } from '@/lib/validation/lookups/selectors'
import type { WorkloadCalls } from '@/lib/validation/observed'
import { asFields, asText, asTextMap, asTexts, items, listed, specOf } from '@/lib/validation/read'
import { append, namespaceOf, type World } from '@/lib/validation/world'

const EVERYWHERE = '*'

/** Who calls what, by namespace, and all of them. */
function indexOutgoing(world: World): ReadonlyMap<string, readonly WorkloadCalls[]> {
  const outgoing = new Map<string, WorkloadCalls[]>()
  for (const calls of world.observed?.outgoing ?? []) {
    append(outgoing, calls.namespace, calls)
    append(outgoing, EVERYWHERE, calls)
  }
  return outgoing
}

/**
 * Under which hosts a service is asked for by rules that send there, by its host; null among them: that is not known.
 * Who imports such a rule knows where it sends, whatever else it imports.
 */
function indexAskedAs(world: World): ReadonlyMap<string, readonly (EgressHost | null)[]> {
  const askedAs = new Map<string, (EgressHost | null)[]>()
  const add = (to: Iterable<string>, by: readonly (EgressHost | null)[]) => {
    for (const host of new Set(to)) for (const one of by) append(askedAs, host, one)
  }
  for (const object of world.list(VIRTUAL_SERVICE)) {
    const { hosts, gateways, http, tcp, tls } = specOf(object)
    if (asTexts(gateways).length > 0 && !asTexts(gateways).includes('mesh')) continue
    const namespace = namespaceOf(object)
    const asked = asTexts(hosts).map((host) => egressHost(fullHost(host, namespace)))
    const to = [http, tcp, tls]
      .flatMap(items)
      .flatMap(([{ route, mirror, mirrors }]) => [
        ...[route, mirrors].flatMap(items).map(([one]) => asText(asFields(one.destination).host)),
        asText(asFields(mirror).host),
      ])
    // a delegate is asked for under the hosts of who delegates
    add(
      to.map((host) => fullHost(host, namespace)),
      asked.length === 0 ? [null] : asked,
    )
  }
  for (const object of [...world.list(HTTP_ROUTE), ...world.list(GRPC_ROUTE)]) {
    const { parentRefs, rules } = specOf(object)
    const hostOf = (ref: Readonly<Record<string, unknown>>) =>
      fullHost(asText(ref.name), asText(ref.namespace) || namespaceOf(object))
    const services = items(parentRefs).filter(([parent]) => parent.kind === 'Service')
    const asked = services.map(([parent]) => egressHost(hostOf(parent)))
    const to = items(rules).flatMap(([{ backendRefs }]) => items(backendRefs).map(([one]) => hostOf(one)))
    add(to, asked)
  }
  return askedAs
}

/**
 * A Sidecar that leaves out what its pods call. Rules that send to a service bring it along:
 * https://istio.io/latest/docs/reference/config/networking/sidecar/
 */
export const hiddenHosts: Checker = {
  codes: { HED0016: 'error' },
  check(world, report) {
    world.each(SIDECAR, (object) => {
      const { egress, outboundTrafficPolicy } = specOf(object)
      const patterns = items(egress).flatMap(([listener]) => asTexts(listener.hosts))
      if (patterns.length === 0) return
      const mode = asText(asFields(outboundTrafficPolicy).mode) || world.mesh.outboundTrafficPolicy
      const isCut = mode === 'REGISTRY_ONLY'
      const hidden = new Map<string, string[]>()
      for (const calls of callersOf(world, object)) {
        const isKnown = (one: EgressHost) => isImported(patterns, calls.namespace, one)
        for (const called of calls.hosts) {
          const one = homeOf(world, called, calls.namespace)
          // an outside host is called all the same where strangers may be
          if (isKnown(one) || (called.namespace === null && !isCut)) continue
          const askedAs = world.lookup(indexAskedAs, one.host) ?? []
          if (askedAs.some((other) => other === null || isKnown(other)) || !hasProxy(world, calls)) continue
          append(hidden, one.host, `${calls.namespace}/${calls.workload}`)
        }
      }
      if (hidden.size === 0) return
      const hosts = [...hidden.keys()].sort()
      const callers = [...new Set([...hidden.values()].flat())].sort()
      const harm = isCut
        ? 'such calls are cut off (BlackHoleCluster, 502 for HTTP)'
        : 'such calls go out as to a stranger, without mutual TLS and past the rules of routing (PassthroughCluster)'
      const message = `This Sidecar leaves out ${listed(hosts)}, which ${listed(callers)} ${callers.length === 1 ? 'calls' : 'call'} now: ${harm}. Add to hosts what they need.`
      report('HED0016', object, ['spec', 'egress'], message)
    })
  },
}

/** An outside host with the namespace of its ServiceEntry, from where it is imported. */
function homeOf(world: World, called: EgressHost, caller: string): EgressHost {
  const service = called.namespace === null ? findService(world, called.host, caller) : undefined
  return service ? { ...called, namespace: namespaceOf(service.object) } : called
}

/** Of a full host; one of a service that is told by another name than Kubernetes' may be imported by any namespace. */
function egressHost(host: string): EgressHost {
  return { host, namespace: parseServiceHost(host)?.namespace ?? null }
}

/** Whose proxies follow a Sidecar: those it selects, else those of its namespace, else, from the root, of others. */
function callersOf(world: World, object: ConfigObject): readonly WorkloadCalls[] {
  const own = namespaceOf(object)
  const selector = selectorOf(object)
  const isRoots = selector === null && own === world.mesh.rootNamespace
  const all = world.lookup(indexOutgoing, isRoots ? EVERYWHERE : own) ?? []
  if (selector) return all.filter(({ labels }) => selects(selector, labels))
  return all.filter(({ namespace, labels }) =>
    world.inNamespace(SIDECAR, namespace).every((other) => {
      const theirs = selectorOf(other)
      return theirs ? !selects(theirs, labels) : other === object || namespace === own
    }),
  )
}

/** Null for all pods of the namespace. */
function selectorOf(object: ConfigObject): Labels | null {
  const labels = asTextMap(asFields(specOf(object).workloadSelector).labels)
  return Object.keys(labels).length > 0 ? labels : null
}

function hasProxy(world: World, { namespace, labels }: WorkloadCalls): boolean {
  return podsWith(world, labels, namespace).some((pod) => proxyImage(specOf(pod)) !== '')
}
