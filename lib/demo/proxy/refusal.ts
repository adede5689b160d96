/** Proxies that refused the listeners istiod sent last. */
import { asRecord, asText } from '../kubernetes/json'
import type { ConfigReader, KubernetesObject } from '../model'

/** On a workload: the proxies of its pods refuse listeners made with an EnvoyFilter, for as long as that stands. */
export const REFUSED_LISTENERS_ANNOTATION = 'demo.heddle.dev/refused-listeners'

export interface Refusal {
  /** name of the EnvoyFilter, in the namespace of the workload */
  filter: string
  /** of the store when they last took what they got */
  revision: number
  sinceMs: number
  /** what Envoy says */
  details: string
}

const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const

/** What each workload's proxies refuse at this moment; pods that began afterwards refuse it as well. */
export function refusals(store: ConfigReader): { workload: KubernetesObject; refusal: Refusal }[] {
  return KINDS.flatMap((kind) => store.list(kind)).flatMap((workload) => {
    const text = workload.metadata.annotations?.[REFUSED_LISTENERS_ANNOTATION]
    if (text === undefined) return []
    const refusal = readRefusal(text)
    if (refusal === undefined) return []
    const stands = store
      .list('EnvoyFilter', workload.metadata.namespace)
      .some(({ metadata }) => metadata.name === refusal.filter)
    return stands ? [{ workload, refusal }] : []
  })
}

function readRefusal(text: string): Refusal | undefined {
  try {
    const read = asRecord(JSON.parse(text))
    return {
      filter: asText(read.filter),
      revision: Number(read.revision),
      sinceMs: Number(read.sinceMs),
      details: asText(read.details),
    }
  } catch {
    return undefined
  }
}

/** What the proxy of a pod refuses; undefined: it runs what it was sent. */
export function refusalOf(store: ConfigReader, pod: KubernetesObject): Refusal | undefined {
  return refusals(store).find(({ workload }) => {
    const selector = Object.entries(asRecord(asRecord(asRecord(workload.spec).selector).matchLabels))
    return (
      workload.metadata.namespace === pod.metadata.namespace &&
      selector.length > 0 &&
      selector.every(([key, value]) => pod.metadata.labels?.[key] === value)
    )
  })?.refusal
}
