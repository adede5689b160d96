import type { Slo } from '@/lib/api/schemas/telemetry/slos'
import { formatDuration } from '@/lib/units/duration'
import { ABSENT } from '@/lib/units/number'
import { formatRatio } from '@/lib/units/ratio'
import { formatWindow } from '@/lib/units/window'

/** `99.95 %`: a target keeps the digits it was written with. */
export function formatTarget(target: number): string {
  return `${Number((target * 100).toPrecision(9))} %`
}

/**
 * A share with the digits that tell it from its target: `99.87 %`, `96 %`. Never rounded up: what misses three nines
 * must not read as three nines.
 */
export function formatShare(ratio: number | null): string {
  if (ratio === null || ratio < 0.99 || ratio >= 1) return formatRatio(ratio)
  return `${Number((Math.floor(ratio * 100_000 + 1e-6) / 1_000).toFixed(3))} %`
}

/** `99.9 % succeed`, `99 % within 500 ms` */
export function objectiveWords({
  kind,
  target,
  thresholdMs,
}: Pick<Slo, 'kind' | 'target' | 'thresholdMs'>): string {
  return kind === 'availability'
    ? `${formatTarget(target)} succeed`
    : `${formatTarget(target)} within ${formatDuration(thresholdMs)}`
}

/** `82 %`, `at most 82 %` where a part of the window is not known, `overspent by 40 %`. */
export function budgetWords({ budgetLeft, knownSeconds, windowSeconds }: Slo): string {
  if (budgetLeft === null) return ABSENT
  if (budgetLeft < 0) return `overspent by ${formatRatio(-budgetLeft)}`
  return `${isPartKnown({ knownSeconds, windowSeconds }) ? 'at most ' : ''}${formatShare(budgetLeft)}`
}

function isPartKnown({ knownSeconds, windowSeconds }: Pick<Slo, 'knownSeconds' | 'windowSeconds'>): boolean {
  return knownSeconds < windowSeconds * 0.99
}

/** `gone`, `in about 6 h`, `within 6 h` where at most so much is left, `lasts`; absence as a dash. */
export function goneWords(slo: Slo): string {
  const { goneInSeconds, budgetLeft, burns } = slo
  if (budgetLeft === null) return ABSENT
  if (goneInSeconds === null) {
    const isPaceKnown = burns.some(({ windowSeconds, rate }) => windowSeconds === 3_600 && rate !== null)
    return isPaceKnown ? 'lasts' : ABSENT
  }
  if (goneInSeconds === 0) return 'gone'
  return `${isPartKnown(slo) ? 'within' : 'in about'} ${roughly(goneInSeconds)}`
}

/** Two digits or so: `40 min`, `41 h`, `22 d`. */
function roughly(seconds: number): string {
  if (seconds < 2 * 3_600) return `${Math.max(1, Math.round(seconds / 60))} min`
  return seconds < 2 * 86_400 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`
}

/** `1 h 15 min of 30 days`; null: all of it is known. */
export function knownWords({ knownSeconds, windowSeconds }: Slo): string | null {
  if (!isPartKnown({ knownSeconds, windowSeconds })) return null
  // whole minutes, hours, days: more would only look exact
  const unit = knownSeconds >= 2 * 86_400 ? 86_400 : knownSeconds >= 6 * 3_600 ? 3_600 : 60
  return `${formatWindow(Math.round(knownSeconds / unit) * unit)} of ${formatWindow(windowSeconds)}`
}

/** `14.2 ×`: times the pace at which the budget just lasts. */
export function paceWords(rate: number | null | undefined): string {
  if (rate === null || rate === undefined) return ABSENT
  if (rate === 0) return '0 ×'
  if (rate < 0.1) return '<0.1 ×'
  return `${rate < 99.95 ? Number(rate.toFixed(1)) : Math.round(rate)} ×`
}

/** What is wrong, in a sentence; null: nothing. */
export function stateSentence(slo: Slo): string | null {
  if (slo.problem !== null) return slo.problem
  const [worst] = slo.broken
  const pace = (seconds: number) => paceWords(slo.burns.find((one) => one.windowSeconds === seconds)?.rate)
  const burning = worst
    ? `Over ${formatWindow(worst.longSeconds)} the budget burns ${pace(worst.longSeconds)} as fast as it may, over ${formatWindow(worst.shortSeconds)} ${pace(worst.shortSeconds)} (limit ${worst.factor} ×): ${worst.severity === 'page' ? 'somebody must look now' : 'somebody must look these days'}.`
    : null
  if (slo.budgetLeft !== null && slo.budgetLeft <= 0) {
    const spent = `The budget of ${formatWindow(slo.windowSeconds)} is spent.`
    return `${spent} ${burning ?? 'It burns slower than any limit now.'}`
  }
  if (slo.state === 'unknown') {
    if (slo.knownSeconds === 0)
      return 'No measurement of this time could be read: whether it is kept is not known.'
    return (slo.requests ?? 0) > 0
      ? 'What is left of the budget is not known: the past could not be read. It burns slower than any limit now.'
      : 'No request was measured: whether it is kept is not known.'
  }
  return burning
}

/** `1 failing, 2 degraded, 3 not known of 12`; what is not known is never counted as well. */
export function countWords(states: readonly Slo['state'][]): string {
  const count = (state: Slo['state']) => states.filter((each) => each === state).length
  const unknown = count('unknown')
  const judged =
    unknown === states.length ? [] : [`${count('failing')} failing`, `${count('degraded')} degraded`]
  const parts = unknown > 0 ? [...judged, `${unknown} not known`] : judged
  return `${parts.join(', ')} of ${states.length}`
}
