import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker, FieldPath, Report } from '@/lib/validation/finding'
import { isControlPlane, PROXY, templateOf } from '@/lib/validation/lookups/injection'
import { DEPLOYMENT, POD } from '@/lib/validation/lookups/kinds'
import { asFields, asText, items, specOf, type Fields } from '@/lib/validation/read'

/** The user of the proxy: traffic of that user is not sent to the proxy again. */
const PROXY_USER = 1337

/** An application that runs as the proxy's user bypasses the proxy. */
export const applicationUser: Checker = {
  codes: { IST0144: 'warning' },
  check(world, report) {
    world.each(POD, (pod) => {
      if (!isControlPlane(pod)) checkSpec(pod, specOf(pod), ['spec'], report)
    })
    world.each(DEPLOYMENT, (deployment) => {
      if (isControlPlane(deployment)) return
      checkSpec(deployment, templateOf(deployment).spec, ['spec', 'template', 'spec'], report)
    })
  },
}

function checkSpec(object: ConfigObject, spec: Fields, path: FieldPath, report: Report): void {
  const message = `The application runs as user ${PROXY_USER}, which is the proxy's: its calls bypass the proxy. Run it as another user.`
  if (isProxyUser(spec)) report('IST0144', object, [...path, 'securityContext', 'runAsUser'], message)
  for (const [container, index] of items(spec.containers)) {
    const name = asText(container.name)
    if (name === PROXY || name === 'istio-operator' || !isProxyUser(container)) continue
    report('IST0144', object, [...path, 'containers', index, 'securityContext', 'runAsUser'], message)
  }
}

function isProxyUser({ securityContext }: Fields): boolean {
  return asFields(securityContext).runAsUser === PROXY_USER
}
