/** Weights of one rule being edited: moved so that their sum stays, checked, and set to what people often want. */

/** What a rule counts in; only the Gateway API takes an absent weight for 1. */
export type WeightApi = 'istio' | 'gateway'

/** Weights people type are percentages where they came as such; relative ones (3 : 1) keep their sum. */
export function sumToKeep(weights: readonly (number | null)[]): number {
  const sum = weights.reduce<number>((total, weight) => total + Math.max(0, weight ?? 0), 0)
  return sum > 0 ? sum : 100
}

/** Weights as they act: what is not written is 1 of a route of the Gateway API, and 0 or all of a virtual service. */
export function actingWeights(weights: readonly (number | null)[], api: WeightApi): number[] {
  if (api === 'gateway') return weights.map((weight) => weight ?? 1)
  if (weights.length === 1) return [weights[0] ?? 100]
  return weights.map((weight) => weight ?? 0)
}

/**
 * The weights after one is set: the others that are not locked share the rest in their present proportion (evenly
 * when all of them are 0), in whole numbers, and the sum stays `sum`. The one set gives way where the locked ones
 * leave it too little or the free ones cannot take what is left.
 */
export function setWeight(
  weights: readonly number[],
  place: number,
  value: number,
  { sum, locked }: { sum: number; locked: ReadonlySet<number> },
): number[] {
  if (locked.has(place)) return [...weights]
  const held = weights.reduce((total, weight, at) => total + (locked.has(at) ? weight : 0), 0)
  const free = weights.flatMap((_, at) => (at !== place && !locked.has(at) ? [at] : []))
  const room = Math.max(0, sum - held)
  const own = free.length === 0 ? room : Math.min(room, Math.max(0, Math.round(value)))
  const shared = dealOut(
    room - own,
    free.map((at) => weights[at] ?? 0),
  )
  return weights.map((weight, at) => (at === place ? own : (shared[free.indexOf(at)] ?? weight)))
}

/** `total` in whole numbers in proportion to the parts; the largest remainders get what rounding leaves. */
function dealOut(total: number, parts: readonly number[]): number[] {
  const whole = parts.reduce((sum, part) => sum + part, 0)
  const exact = parts.map((part) => (whole > 0 ? (total * part) / whole : total / parts.length))
  const dealt = exact.map(Math.floor)
  let left = total - dealt.reduce((sum, part) => sum + part, 0)
  const byRemainder = exact
    .map((part, at) => ({ at, remainder: part - Math.floor(part) }))
    .sort((a, b) => b.remainder - a.remainder || a.at - b.at)
  for (const { at } of byRemainder) {
    if (left <= 0) break
    dealt[at] = (dealt[at] ?? 0) + 1
    left -= 1
  }
  return dealt
}

export interface Preset {
  id: string
  /** `90 / 10` */
  name: string
  weights: number[]
}

const CANARY_STEPS = [0, 1, 5, 10, 25, 50] as const

/**
 * What is often wanted, in the rule's own sum: so much to `canary` and the rest to `baseline` (the others get
 * nothing), the two swapped, and all to the baseline. A locked weight stays, the steps are of what it leaves; steps
 * that cannot be expressed in whole numbers, or would move a locked one, are left out.
 */
export function presets(
  weights: readonly number[],
  {
    baseline,
    canary,
    sum,
    locked = new Set(),
  }: { baseline: number; canary: number; sum: number; locked?: ReadonlySet<number> },
): Preset[] {
  const room = weights.reduce((left, weight, at) => (locked.has(at) ? left - weight : left), sum)
  const kept = (at: number) => (locked.has(at) ? (weights[at] ?? 0) : 0)
  const only = (share: number) =>
    weights.map((_, at) =>
      at === canary ? (room * share) / 100 : at === baseline ? (room * (100 - share)) / 100 : kept(at),
    )
  const steps =
    canary === baseline
      ? []
      : CANARY_STEPS.flatMap((share): Preset[] =>
          Number.isInteger((room * share) / 100)
            ? [{ id: `canary-${share}`, name: `${share} / ${100 - share}`, weights: only(share) }]
            : [],
        )
  const swapped = weights.map((weight, at) =>
    at === canary ? (weights[baseline] ?? 0) : at === baseline ? (weights[canary] ?? 0) : weight,
  )
  const toBaseline = weights.map((_, at) => (at === baseline ? room : kept(at)))
  const all: Preset[] = [
    ...steps,
    ...(canary === baseline ? [] : [{ id: 'swap', name: 'Swap', weights: swapped }]),
    { id: 'baseline', name: room === sum ? 'All to baseline' : 'The rest to baseline', weights: toBaseline },
  ]
  return room < 0
    ? []
    : all.filter((preset) => preset.weights.every((weight, at) => !locked.has(at) || weight === weights[at]))
}

/** A reason why weights cannot be applied; `place` is null when it is about all of them. */
export interface WeightProblem {
  place: number | null
  message: string
}

/** The API server's bound (Gateway API); Envoy's total of all weights of a rule. */
const MOST_WEIGHT = 1_000_000
const MOST_TOTAL = 4_294_967_295

/**
 * What is wrong with weights as they were typed (text, since "" and "1e3" are typed too); empty: nothing.
 * `sum` is what they must add up to; null where they are relative.
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination
 */
export function weightProblems(typed: readonly string[], sum: number | null): WeightProblem[] {
  const problems = typed.flatMap((text, place): WeightProblem[] => {
    const message = problemOf(text)
    return message === null ? [] : [{ place, message }]
  })
  if (problems.length > 0) return problems
  const total = typed.reduce((whole, text) => whole + Number(text), 0)
  if (total === 0) {
    return [{ place: null, message: 'All weights are 0: every request would be refused. Give one a weight.' }]
  }
  if (total > MOST_TOTAL)
    return [{ place: null, message: `The weights add up to ${total}; proxies take at most ${MOST_TOTAL}.` }]
  if (sum !== null && total !== sum) {
    const apart = Math.abs(total - sum)
    return [
      {
        place: null,
        message: `The weights add up to ${total}, ${apart} too ${total > sum ? 'many' : 'few'}: they must add up to ${sum}.`,
      },
    ]
  }
  return []
}

function problemOf(text: string): string | null {
  const plain = text.trim()
  if (plain === '') return 'Give a weight; 0 sends nothing here.'
  const value = Number(plain)
  if (!Number.isFinite(value)) return `${plain} is no number.`
  if (value < 0) return 'A weight cannot be negative; 0 sends nothing here.'
  if (!Number.isInteger(value)) {
    return `Weights are whole numbers: ${plain} would be refused. For finer steps make all weights larger (1 of 1000 is 0.1 %).`
  }
  if (value > MOST_WEIGHT) return `A weight is at most ${MOST_WEIGHT}.`
  return null
}
