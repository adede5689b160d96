import type { Checker } from '@/lib/validation/finding'
import { credentialFacts, credentialsOf } from '@/lib/validation/lookups/credentials'
import { GATEWAY } from '@/lib/validation/lookups/kinds'
import type { CertificateFacts } from '@/lib/validation/observed'

/** The secrets of a Gateway's servers: they exist beside its pods, and hold a usable certificate and key. */
export const credentials: Checker = {
  codes: { IST0101: 'error', IST0161: 'error' },
  check(world, report) {
    world.each(GATEWAY, (object) => {
      for (const { namespace, name, path } of credentialsOf(world, object)) {
        const facts = credentialFacts(world, namespace, name)
        // live, what is not among the facts could not be read: only a Secret that is known to be missing is
        if (!facts && world.observed) continue
        if (!facts || facts.state === 'missing') {
          const message = `There is no Secret ${name} in ${namespace}, the namespace of the gateway's pods, so its TLS connections fail. Create the Secret there, or correct the name.`
          report('IST0101', object, path, message)
          continue
        }
        const problem = problemOf(facts, world.now)
        if (problem === undefined) continue
        const message = `The Secret ${namespace}/${name} cannot be used: ${problem}. Replace its certificate and key.`
        report('IST0161', object, path, message)
      }
    })
  },
}

/** Why istiod would not hand this secret to a gateway; undefined when it would. Its contents are never told. */
function problemOf(facts: CertificateFacts, now: number | null): string | undefined {
  if (facts.state === 'unusable') return facts.problem
  if (facts.state === 'missing' || now === null) return undefined
  if (now > facts.notAfter) return 'its certificate has expired'
  return now < facts.notBefore ? 'its certificate is not valid yet' : undefined
}
