import type { Checker } from '@/lib/validation/finding'
import { DESTINATION_RULE } from '@/lib/validation/lookups/kinds'
import { clientMode, serverMode, widthOf } from '@/lib/validation/lookups/wide-tls'

const PATH = ['spec', 'trafficPolicy', 'tls', 'mode']

/** TLS for a whole mesh or namespace meets servers that answer in kind. */
export const wideTls: Checker = {
  codes: { KIA0205: 'error', KIA0206: 'error', KIA0207: 'error', KIA0208: 'error' },
  check(world, report) {
    world.each(DESTINATION_RULE, (object) => {
      const width = widthOf(object)
      const mode = clientMode(object)
      if (width === undefined || mode === '') return
      const root = world.mesh.rootNamespace
      const ofMesh = serverMode(world, root)
      const ofNamespace = width === '*' ? '' : serverMode(world, width)
      const whole = width === '*' ? 'the mesh' : `namespace ${width}`
      if (mode === 'ISTIO_MUTUAL' && !world.mesh.enableAutoMtls) {
        const takes = [ofNamespace, ofMesh].some((one) => one === 'STRICT' || one === 'PERMISSIVE')
        if (takes) return
        const message = `Callers of ${whole} use mutual TLS, but no PeerAuthentication makes its servers take it. Add one with PERMISSIVE or STRICT.`
        report(width === '*' ? 'KIA0205' : 'KIA0206', object, PATH, message)
      }
      if (mode !== 'DISABLE') return
      if (width !== '*' && ofNamespace === 'STRICT') {
        const message = `Callers of ${whole} use plaintext, but its PeerAuthentication is STRICT: their calls fail. Change one of the two.`
        report('KIA0207', object, PATH, message)
      } else if (ofNamespace === '' && ofMesh === 'STRICT') {
        const message = `Callers of ${whole} use plaintext, but the mesh's PeerAuthentication is STRICT: their calls fail. Change one of the two.`
        report('KIA0208', object, PATH, message)
      }
    })
  },
}
