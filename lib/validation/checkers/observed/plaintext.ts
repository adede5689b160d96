import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { PEER_AUTHENTICATION } from '@/lib/validation/lookups/kinds'
import { selects } from '@/lib/validation/lookups/selectors'
import type { PlaintextTraffic } from '@/lib/validation/observed'
import { asFields, asText, asTextMap, isFields, listed, specOf } from '@/lib/validation/read'
import { append, namespaceOf, type World } from '@/lib/validation/world'

/** Workloads that plain text reaches, by the policy that decides their mode. */
function indexByDecider(world: World): ReadonlyMap<string, readonly PlaintextTraffic[]> {
  const byPolicy = new Map<string, PlaintextTraffic[]>()
  for (const traffic of world.observed?.plaintext ?? []) {
    const decider = deciderOf(world, traffic)
    if (decider) append(byPolicy, keyOf(decider), traffic)
  }
  return byPolicy
}

/** STRICT refuses plain text: nobody may still be sending it. */
export const plaintextCallers: Checker = {
  codes: { HED0001: 'error' },
  check(world, report) {
    world.each(PEER_AUTHENTICATION, (object) => {
      if (modeOf(object) !== 'STRICT') return
      const reached = world.lookup(indexByDecider, keyOf(object)) ?? []
      if (reached.length === 0) return
      const workloads = reached.map(({ namespace, workload }) => `${namespace}/${workload}`)
      const callers = [...new Set(reached.flatMap((one) => one.callers))].sort()
      const message = `STRICT refuses plain text, and ${listed(workloads.sort())} still ${workloads.length === 1 ? 'gets' : 'get'} it from ${listed(callers)}: those calls fail. Bring the callers into the mesh first, or stay with PERMISSIVE until they are.`
      report('HED0001', object, ['spec', 'mtls', 'mode'], message)
    })
  },
}

/**
 * The policy whose mode holds for a workload: its own, else its namespace's, else the mesh's; an unset mode asks the
 * next one. Undefined where none sets one, or where ports differ: telemetry does not name the port.
 */
function deciderOf(world: World, { namespace, labels }: PlaintextTraffic): ConfigObject | undefined {
  const root = world.mesh.rootNamespace
  const own = namespace === root ? [] : oldestFirst(world.inNamespace(PEER_AUTHENTICATION, namespace))
  const selecting = own.find((one) => isSelecting(one) && selects(selectorOf(one), labels))
  if (Object.keys(asFields(selecting && specOf(selecting).portLevelMtls)).length > 0) return undefined
  const wide = own.find((one) => !isSelecting(one))
  const mesh = oldestFirst(world.inNamespace(PEER_AUTHENTICATION, root)).find((one) => !isSelecting(one))
  return [selecting, wide, mesh].find((one) => one !== undefined && !['', 'UNSET'].includes(modeOf(one)))
}

function keyOf(object: ConfigObject): string {
  return `${namespaceOf(object)}/${object.metadata.name}`
}

function modeOf(object: ConfigObject): string {
  return asText(asFields(specOf(object).mtls).mode)
}

function selectorOf(object: ConfigObject): Readonly<Record<string, string>> {
  return asTextMap(asFields(specOf(object).selector).matchLabels)
}

function isSelecting(object: ConfigObject): boolean {
  return isFields(specOf(object).selector) && Object.keys(selectorOf(object)).length > 0
}

function oldestFirst(objects: readonly ConfigObject[]): ConfigObject[] {
  const age = ({ metadata }: ConfigObject) => metadata.creationTimestamp ?? '9'
  return [...objects].sort(
    (a, b) =>
      Number(age(a) > age(b)) - Number(age(a) < age(b)) || (a.metadata.name < b.metadata.name ? -1 : 1),
  )
}
