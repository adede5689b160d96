import type { Checker } from '@/lib/validation/finding'
import { PEER_AUTHENTICATION } from '@/lib/validation/lookups/kinds'
import { clientMode, isForAll, modeOf, wideRules } from '@/lib/validation/lookups/wide-tls'
import { fullName } from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'

const PATH = ['spec', 'mtls', 'mode']

/** What servers of a mesh or namespace demand, and what callers are told to do, fit together. */
export const wideModes: Checker = {
  codes: { KIA0401: 'error', KIA0501: 'error', KIA0505: 'error', KIA0506: 'error' },
  check(world, report) {
    world.each(PEER_AUTHENTICATION, (object) => {
      if (!isForAll(object)) return
      const namespace = namespaceOf(object)
      const isMesh = namespace === world.mesh.rootNamespace
      const rules = isMesh
        ? wideRules(world, '*')
        : [...wideRules(world, '*'), ...wideRules(world, namespace)]
      const asking = rules.find((rule) => clientMode(rule) === 'ISTIO_MUTUAL')
      const whole = isMesh ? 'the mesh' : `namespace ${namespace}`
      if (modeOf(object) === 'STRICT' && !world.mesh.enableAutoMtls && !asking) {
        const message = `Servers of ${whole} demand mutual TLS, but automatic mutual TLS is off and no destination rule makes callers use it: their calls fail. Add a DestinationRule with ISTIO_MUTUAL for ${isMesh ? '*.local' : `*.${namespace}.svc.cluster.local`}.`
        report(isMesh ? 'KIA0401' : 'KIA0501', object, PATH, message)
      }
      if (modeOf(object) === 'DISABLE' && asking) {
        const message = `Servers of ${whole} take no mutual TLS, but ${fullName(asking)} makes callers use it: their calls fail. Change one of the two.`
        report(isMesh ? 'KIA0506' : 'KIA0505', object, PATH, message)
      }
    })
  },
}
