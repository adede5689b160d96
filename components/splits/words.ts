/** Splits and what is known of them, in words. Pure. */
import type { Comparison, Split, SplitBackend } from '@/lib/api/schemas/config/splits'
import { parseServiceHost } from '@/lib/istio/hosts'
import { formatDuration } from '@/lib/units/duration'
import { formatCount } from '@/lib/units/number'
import { formatRatio } from '@/lib/units/ratio'

/** `VirtualService bookinfo/reviews` */
export function objectName({ ref }: Pick<Split, 'ref'>): string {
  return `${ref.kind} ${ref.namespace}/${ref.name}`
}

/** `rule 2 (everyone)`; nothing where an object has a single, unnamed rule that takes all. */
export function ruleName({ route, match }: Pick<Split, 'route' | 'match'>): string {
  const name = route.name === null ? '' : ` (${route.name})`
  return route.rule === 0 && name === '' && match.startsWith('every ') ? '' : `rule ${route.rule + 1}${name}`
}

/** `v1` beside `reviews`: version where the name does not say it. */
export function versionWords({ name, version }: Pick<SplitBackend, 'name' | 'version'>): string {
  return version === null || version === name ? '' : version
}

/** In place of the pods behind a destination, where they are not told; with why, for who points at it. */
export function unknownPods({
  host,
  subset,
  isSubsetDefined,
}: Pick<SplitBackend, 'host' | 'subset' | 'isSubsetDefined'>): { words: string; why?: string } {
  if (parseServiceHost(host) === undefined) return { words: 'outside the cluster' }
  return {
    words: 'pods not known',
    why:
      subset !== null && isSubsetDefined === null
        ? 'Heddle may not read DestinationRules, which say what the subset is'
        : 'They lie in a namespace you may not see, or Heddle may not read Pods',
  }
}

/** Who obeys: `the mesh, gateway infra/edge`. */
export function callersWords({ callers }: Pick<Split, 'callers'>): string {
  const gateways = callers.gateways.map((name) => `gateway ${name}`)
  return [...(callers.mesh ? ['callers in the mesh'] : []), ...gateways].join(', ')
}

export type Unit = 'ratio' | 'ms'

/** `+1.2 points`, `−3.4 ms`. */
export function differenceText(difference: number, unit: Unit): string {
  const sign = difference > 0 ? '+' : difference < 0 ? '−' : '±'
  const size = Math.abs(difference)
  return unit === 'ms' ? `${sign}${formatDuration(size)}` : `${sign}${pointsText(size)}`
}

function pointsText(size: number): string {
  return formatRatio(size).replace(' %', ' points')
}

/** What a comparison says, short enough for a cell. */
export function verdictText(comparison: Comparison, unit: Unit): string {
  const { verdict, difference, missingRequests } = comparison
  if (verdict === 'notEnough') {
    return missingRequests > 0 ? `${formatCount(missingRequests)} more requests needed` : 'not measured'
  }
  if (verdict === 'none' || difference === null) return 'no difference shown'
  return `${differenceText(difference, unit)}, ${sureText(comparison.confidence)}`
}

/** The same in a sentence, with the interval. */
export function verdictSentence(comparison: Comparison, unit: Unit): string {
  const { verdict, difference, low, high, missingRequests, confidence } = comparison
  if (verdict === 'notEnough') {
    return missingRequests > 0
      ? `Not enough traffic yet: ${missingRequests} more requests are needed in the chosen time before this says anything.`
      : 'This was not measured for both versions.'
  }
  if (difference === null || low === null || high === null) return 'This was not measured for both versions.'
  const interval = `with 99 % confidence between ${differenceText(low, unit)} and ${differenceText(high, unit)}`
  const word =
    verdict === 'worse'
      ? 'Worse than the baseline'
      : verdict === 'better'
        ? 'Better than the baseline'
        : 'No difference to the baseline is shown'
  return `${word}: ${differenceText(difference, unit)}, ${interval} (${sureText(confidence)} that they differ).`
}

function sureText(confidence: number | null): string {
  if (confidence === null) return ''
  return confidence >= 0.999 ? '>99.9 % sure' : `${(confidence * 100).toFixed(1)} % sure`
}
