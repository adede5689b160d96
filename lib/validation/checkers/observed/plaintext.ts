import type { Checker } from '@/lib/validation/finding'
import { PEER_AUTHENTICATION } from '@/lib/validation/lookups/kinds'
import { decisionFor } from '@/lib/validation/lookups/peer-policies'
import { modeOf } from '@/lib/validation/lookups/wide-tls'
import type { PlaintextTraffic } from '@/lib/validation/observed'
import { fullName, listed } from '@/lib/validation/read'
import { append, type World } from '@/lib/validation/world'

/** Workloads that plain text reaches, by the policy that decides their mode. */
function indexByDecider(world: World): ReadonlyMap<string, readonly PlaintextTraffic[]> {
  const byPolicy = new Map<string, PlaintextTraffic[]>()
  for (const traffic of world.observed?.plaintext ?? []) {
    const decider = deciderOf(world, traffic)
    if (decider !== undefined) append(byPolicy, decider, traffic)
  }
  return byPolicy
}

/** STRICT refuses plain text: nobody may still be sending it. */
export const plaintextCallers: Checker = {
  codes: { HED0001: 'error' },
  check(world, report) {
    world.each(PEER_AUTHENTICATION, (object) => {
      if (modeOf(object) !== 'STRICT') return
      const reached = world.lookup(indexByDecider, fullName(object)) ?? []
      if (reached.length === 0) return
      const workloads = reached.map(({ namespace, workload }) => `${namespace}/${workload}`)
      const callers = [...new Set(reached.flatMap((one) => one.callers))].sort()
      const message = `STRICT refuses plain text, and ${listed(workloads.sort())} still ${workloads.length === 1 ? 'gets' : 'get'} it from ${listed(callers)}: those calls fail. Bring the callers into the mesh first, or stay with PERMISSIVE until they are.`
      report('HED0001', object, ['spec', 'mtls', 'mode'], message)
    })
  },
}

/** Its name; undefined where nobody sets a mode, or where ports differ: telemetry does not name the port. */
function deciderOf(world: World, traffic: PlaintextTraffic): string | undefined {
  const { policy, hasPorts } = decisionFor(world, traffic)
  return hasPorts ? undefined : policy?.name
}
