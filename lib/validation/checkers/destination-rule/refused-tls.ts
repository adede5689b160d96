import { meet, SENDS, type Sends } from '@/lib/istio/mutual-tls/handshake'
import type { MtlsMode } from '@/lib/istio/mtls'
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker, FieldPath } from '@/lib/validation/finding'
import { findService, type KnownService } from '@/lib/validation/lookups/hosts'
import { proxyImage } from '@/lib/validation/lookups/injection'
import { DESTINATION_RULE, SERVICE } from '@/lib/validation/lookups/kinds'
import { decisionFor } from '@/lib/validation/lookups/peer-policies'
import { podsWith, type Labels } from '@/lib/validation/lookups/selectors'
import {
  asFields,
  asText,
  asTextMap,
  findNumber,
  fullName,
  items,
  labelsOf,
  specOf,
  type Fields,
} from '@/lib/validation/read'
import { kindKey, namespaceOf, type World } from '@/lib/validation/world'

const WORDS: Readonly<Partial<Record<Sends, string>>> = {
  plaintext: 'plain text',
  otherTls: 'TLS of another kind than the mesh’s',
  mutual: 'mutual TLS',
}

/** A rule of one service has its callers send what the pods take. Wide rules are Kiali's, pods without a proxy HED0002's. */
export const refusedTls: Checker = {
  codes: { HED0015: 'error' },
  check(world, report) {
    world.each(DESTINATION_RULE, (object) => {
      const spec = specOf(object)
      const service = findService(world, asText(spec.host), namespaceOf(object))
      if (!service || kindKey(service.object) !== SERVICE || Object.keys(service.selector).length === 0)
        return
      for (const { mode, labels, path } of settingsOf(spec, service)) {
        const sends = SENDS[mode]
        if (!sends) continue
        const pods = podsWith(world, { ...service.selector, ...labels }, namespaceOf(service.object))
        const first = firstRefusal(world, pods, sends)
        if (!first) continue
        const message = `Callers are made to send ${WORDS[sends] ?? mode}, but the pod ${fullName(first.pod)} is ${first.mode} by ${first.policy} and refuses it: calls that reach it fail. Remove the TLS setting, so that it is chosen by itself, or change the policy first.`
        report('HED0015', object, path, message)
      }
    })
  },
}

interface Setting {
  mode: string
  /** of the pods it is for, beside those of the service */
  labels: Labels
  path: FieldPath
}

function settingsOf(spec: Fields, service: KnownService): Setting[] {
  return [
    ...settingsIn(spec.trafficPolicy, ['spec', 'trafficPolicy'], {}, service),
    ...items(spec.subsets).flatMap(([subset, index]) =>
      settingsIn(
        subset.trafficPolicy,
        ['spec', 'subsets', index, 'trafficPolicy'],
        asTextMap(subset.labels),
        service,
      ),
    ),
  ]
}

/** Settings of a port stand alone, so where every port has its own the others' are nobody's. */
function settingsIn(value: unknown, path: FieldPath, labels: Labels, { ports }: KnownService): Setting[] {
  const policy = asFields(value)
  const own = items(policy.portLevelSettings)
  const spoken = new Set(own.map(([each]) => findNumber(asFields(each.port).number)))
  const mode = (from: Fields) => asText(asFields(from.tls).mode)
  return [
    ...(ports.length > 0 && ports.every((port) => spoken.has(port))
      ? []
      : [{ mode: mode(policy), labels, path: [...path, 'tls', 'mode'] }]),
    ...own.map(([each, index]) => ({
      mode: mode(each),
      labels,
      path: [...path, 'portLevelSettings', index, 'tls', 'mode'],
    })),
  ]
}

function firstRefusal(world: World, pods: readonly ConfigObject[], sends: Sends) {
  for (const pod of pods) {
    const refusal = refusalOf(world, pod, sends)
    if (refusal) return refusal
  }
  return undefined
}

/** Why a pod's sidecar refuses what is sent; of ports that differ nothing is said. */
function refusalOf(world: World, pod: ConfigObject, sends: Sends) {
  if (proxyImage(specOf(pod)) === '') return undefined
  const { policy, hasPorts } = decisionFor(world, { namespace: namespaceOf(pod), labels: labelsOf(pod) })
  if (!policy || hasPorts) return undefined
  const { mode, name } = policy
  const isMode = (word: string): word is MtlsMode => ['STRICT', 'PERMISSIVE', 'DISABLE'].includes(word)
  if (!isMode(mode) || meet(sends, { mode, isProxied: true }) !== 'broken') return undefined
  return { pod, mode, policy: name }
}
