import type { Checker } from '@/lib/validation/finding'
import { GATEWAY, K8S_GATEWAY } from '@/lib/validation/lookups/kinds'
import { credentialFacts, credentialsOf } from '@/lib/validation/lookups/credentials'

const DAY_MS = 24 * 3_600_000
/** Time for a person to act; of certificates that live shorter the last quarter, in which robots have renewed them. */
const SOON_MS = 21 * DAY_MS

/** Certificates of gateways are renewed before they end. */
export const expiringCertificate: Checker = {
  codes: { HED0011: 'warning' },
  check(world, report) {
    for (const kind of [GATEWAY, K8S_GATEWAY] as const) {
      world.each(kind, (object) => {
        const { now } = world
        if (now === null) return
        for (const { namespace, name, path } of credentialsOf(world, object)) {
          const facts = credentialFacts(world, namespace, name)
          // an expired one is IST0161's
          if (facts?.state !== 'usable' || facts.notAfter <= now) continue
          const left = facts.notAfter - now
          if (left >= Math.min(SOON_MS, (facts.notAfter - facts.notBefore) / 4)) continue
          const days = Math.floor(left / DAY_MS)
          const inDays = days < 1 ? 'within a day' : days === 1 ? 'in 1 day' : `in ${days} days`
          const message = `The certificate in the Secret ${namespace}/${name} ends ${inDays}, at ${new Date(facts.notAfter).toISOString().slice(0, 16).replace('T', ' ')} UTC: after that every TLS client refuses this gateway. Renew it, and find out why nothing has.`
          report('HED0011', object, path, message)
        }
      })
    }
  },
}
