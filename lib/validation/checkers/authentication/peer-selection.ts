import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { PEER_AUTHENTICATION, REQUEST_AUTHENTICATION } from '@/lib/validation/lookups/kinds'
import { podsWith, selectorText, type Labels } from '@/lib/validation/lookups/selectors'
import { isForAll } from '@/lib/validation/lookups/wide-tls'
import { hasWorkload } from '@/lib/validation/lookups/workloads'
import { asFields, asTextMap, fullName, listed, specOf } from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'

/** One PeerAuthentication for a namespace and for a workload, and workloads for each selector. */
export const peerSelection: Checker = {
  codes: { KIA0002: 'error', KIA0003: 'error', KIA0004: 'warning' },
  check(world, report) {
    world.each(PEER_AUTHENTICATION, (object) => {
      const namespace = namespaceOf(object)
      const others = world.inNamespace(PEER_AUTHENTICATION, namespace).filter((other) => other !== object)
      if (isForAll(object)) {
        const rivals = others.filter(isForAll).map(fullName)
        if (rivals.length === 0) return
        const message = `${listed(rivals.sort())} has no selector either; only the oldest is in force. Keep one for the namespace.`
        report('KIA0002', object, null, message)
        return
      }
      const pods = new Set(podsWith(world, selectorOf(object), namespace))
      const rivals = others.filter(
        (other) =>
          !isForAll(other) && podsWith(world, selectorOf(other), namespace).some((pod) => pods.has(pod)),
      )
      if (rivals.length === 0) return
      const message = `${listed(rivals.map(fullName).sort())} selects some of the same pods; only the oldest is in force there. Make the selectors exclude each other.`
      report('KIA0003', object, ['spec', 'selector'], message)
    })
    for (const kind of [PEER_AUTHENTICATION, REQUEST_AUTHENTICATION] as const) {
      world.each(kind, (object) => {
        const selector = selectorOf(object)
        if (Object.keys(selector).length === 0) return
        const namespace = namespaceOf(object)
        // a request authentication of the root namespace selects in the whole mesh
        const isWide = kind === REQUEST_AUTHENTICATION && namespace === world.mesh.rootNamespace
        if (hasWorkload(world, selector, isWide ? null : namespace)) return
        const message = `No workload ${isWide ? 'of the mesh' : `of namespace ${namespace}`} has the labels ${selectorText(selector)}, so this object applies to nothing. Correct the selector.`
        report('KIA0004', object, ['spec', 'selector'], message)
      })
    }
  },
}

function selectorOf(object: ConfigObject): Labels {
  return asTextMap(asFields(specOf(object).selector).matchLabels)
}
