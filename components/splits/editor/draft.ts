/** An edit of one weighted route that is under way. Pure: every step gives a new draft. */
import type { ChangeItem } from '@/lib/api/schemas/config/changes'
import { backendOf, findSplitRule, type BackendRef, type Edited } from '@/lib/istio/edit/split/rule'
import { backendName, withWeights } from '@/lib/istio/edit/split/backends'
import {
  actingWeights,
  setWeight,
  sumToKeep,
  weightProblems,
  type WeightProblem,
} from '@/lib/istio/edit/split/weights'
import type { ConfigObject } from '@/lib/mesh/inventory'

export interface Draft {
  /** the object as it was when the edit began; a conflict is judged by it */
  base: ConfigObject
  /** with destinations added or taken out; its weights are those of `base` */
  object: ConfigObject
  /** of the rule in `object` */
  path: string
  /** one text a destination, as typed */
  typed: string[]
  locked: number[]
  keepsSum: boolean
  /** what the weights add up to while the sum is kept */
  sum: number
  /** other objects that go with it, such as a subset */
  also: ChangeItem[]
}

export function startDraft(object: ConfigObject, path: string): Draft | null {
  const rule = findSplitRule(object, path)
  if (!rule) return null
  const weights = actingWeights(weightsOf(object, path), rule.api)
  return {
    base: object,
    object,
    path,
    typed: weights.map(String),
    locked: [],
    keepsSum: true,
    sum: sumToKeep(weights),
    also: [],
  }
}

function weightsOf(object: ConfigObject, path: string): (number | null)[] {
  return (findSplitRule(object, path)?.entries ?? []).map(({ weight }) =>
    typeof weight === 'number' ? weight : null,
  )
}

/** Where each weight goes, in order. */
export function draftBackends({ object, path }: Pick<Draft, 'object' | 'path'>): BackendRef[] {
  const rule = findSplitRule(object, path)
  return rule ? rule.entries.map((entry) => backendOf(rule, entry)) : []
}

/** The weights as numbers; null while one of them is none that can be applied. */
export function draftWeights(draft: Pick<Draft, 'typed'>): number[] | null {
  return weightProblems(draft.typed, null).some(({ place }) => place !== null)
    ? null
    : draft.typed.map(Number)
}

/**
 * The draft after a weight is typed or slid. While the sum is kept the others follow, measured from `from` (the
 * weights when the typing began, so that "5" on the way to "50" leaves no trace); what cannot be kept stays as typed,
 * for its problem to be told.
 */
export function typeWeight(draft: Draft, place: number, text: string, from: readonly number[] | null): Draft {
  const plain = draft.typed.with(place, text)
  const value = Number(text.trim())
  const start = from ?? draftWeights(draft) ?? repaired(draft, place)
  if (!draft.keepsSum || text.trim() === '' || !Number.isInteger(value) || value < 0 || !start) {
    return { ...draft, typed: plain }
  }
  const weights = setWeight(start, place, value, { sum: draft.sum, locked: new Set(draft.locked) })
  // locked ones leave less room, or nothing to take it from
  return weights[place] === value ? { ...draft, typed: weights.map(String) } : { ...draft, typed: plain }
}

/** The weights with the one at `place`, which is none as it was typed, taken for what the others leave of the sum. */
function repaired(draft: Draft, place: number): number[] | null {
  const others = draftWeights({ typed: draft.typed.with(place, '0') })
  if (!others) return null
  const left = draft.sum - others.reduce((sum, weight) => sum + weight, 0)
  return left < 0 ? null : others.with(place, left)
}

export function setAll(draft: Draft, weights: readonly number[]): Draft {
  return { ...draft, typed: weights.map(String) }
}

export function toggleLock(draft: Draft, place: number): Draft {
  return {
    ...draft,
    locked: draft.locked.includes(place)
      ? draft.locked.filter((each) => each !== place)
      : [...draft.locked, place],
  }
}

/** The same shares in percent, for rules written otherwise. Rounded so that they add up. */
export function inPercent(draft: Draft): Draft {
  const weights = draftWeights(draft)
  if (!weights) return draft
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const [first = 0, ...rest] = weights.map((weight) => Math.round((weight * 100) / (total || 1)))
  const others = rest.reduce((sum, weight) => sum + weight, 0)
  return { ...draft, sum: 100, typed: [total > 0 ? 100 - others : first, ...rest].map(String) }
}

/** The draft with another object, after a destination was added or taken out; weights typed for the others stay. */
export function withObject(draft: Draft, edited: Edited, path = draft.path): Draft | { problem: string } {
  if ('problem' in edited) return edited
  const before = draftBackends(draft)
  const next = { ...draft, object: edited.object, path }
  const fresh = actingWeights(
    weightsOf(edited.object, path),
    findSplitRule(edited.object, path)?.api ?? 'istio',
  )
  const after = draftBackends(next)
  const typed = after.map((backend, at) => {
    const was = before.findIndex((one) => JSON.stringify(one) === JSON.stringify(backend))
    return was >= 0 ? (draft.typed[was] ?? '0') : String(fresh[at] ?? 0)
  })
  const locked = draft.locked.flatMap((place) => {
    const at = after.findIndex((one) => JSON.stringify(one) === JSON.stringify(before[place]))
    return at >= 0 ? [at] : []
  })
  return { ...next, typed, locked }
}

/** What keeps the draft from being applied. `missing`: subsets that no destination rule defines, by place. */
export function draftProblems(draft: Draft, missing: ReadonlySet<number>): WeightProblem[] {
  const problems = weightProblems(draft.typed, draft.keepsSum ? draft.sum : null)
  const backends = draftBackends(draft)
  const undefinedOnes = [...missing].flatMap((place): WeightProblem[] =>
    Number(draft.typed[place] ?? 0) > 0 && backends[place]
      ? [
          {
            place,
            message: `No DestinationRule defines the subset ${backendName(backends[place])}: what is sent there fails. Define it first, or give it 0.`,
          },
        ]
      : [],
  )
  return [...problems, ...undefinedOnes]
}

/** The object as the draft wants it. */
export function draftResult(draft: Draft): Edited {
  const weights = draftWeights(draft)
  return weights ? withWeights(draft.object, draft.path, weights) : { problem: 'A weight is no number.' }
}

/** A draft as it was kept, or null for anything else. */
export function parseDraft(text: string | null): Draft | null {
  if (text === null) return null
  try {
    const value = JSON.parse(text) as Partial<Draft> | null
    const isWhole =
      value !== null &&
      typeof value === 'object' &&
      Array.isArray(value.typed) &&
      value.typed.every((each) => typeof each === 'string') &&
      Array.isArray(value.locked) &&
      Array.isArray(value.also) &&
      typeof value.path === 'string' &&
      typeof value.sum === 'number' &&
      typeof value.base === 'object' &&
      typeof value.object === 'object'
    // written by this page alone, and checked as far as it is used
    const draft = value as Draft
    return isWhole && draftBackends(draft).length === draft.typed.length ? draft : null
  } catch {
    return null
  }
}
