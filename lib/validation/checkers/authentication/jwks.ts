import type { Checker } from '@/lib/validation/finding'
import { templateOf } from '@/lib/validation/lookups/injection'
import { DEPLOYMENT, REQUEST_AUTHENTICATION } from '@/lib/validation/lookups/kinds'
import { asText, fullName, items, labelsOf, listed } from '@/lib/validation/read'

const BLOCKED = 'BLOCKED_CIDRS_IN_JWKS_URIS'

/** Whoever may write a RequestAuthentication makes istiod fetch any address, unless some are blocked. */
export const jwksFetches: Checker = {
  codes: { IST0175: 'warning' },
  check(world, report) {
    const authentications = world.list(REQUEST_AUTHENTICATION)
    if (authentications.length === 0) return
    for (const object of world.list(DEPLOYMENT)) {
      if (labelsOf(object).app !== 'istiod') continue
      const isBlocked = items(templateOf(object).spec.containers).some(([container]) =>
        items(container.env).some(([variable]) => variable.name === BLOCKED && asText(variable.value) !== ''),
      )
      if (isBlocked) continue
      const names = listed(authentications.map(fullName).sort())
      const message = `istiod fetches the keys that RequestAuthentications name (${names}) from any address, also inside the cluster. Set ${BLOCKED} on istiod to the ranges it must not reach.`
      report('IST0175', object, ['spec', 'template', 'spec', 'containers'], message)
    }
  },
}
