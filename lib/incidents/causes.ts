/** What changed just before an incident, the most telling first. */

/** How near a change is to the incident. */
export const RELATIONS = ['origin', 'appliesToOrigin', 'affected', 'mesh', 'namespace'] as const
export type Relation = (typeof RELATIONS)[number]

export const CAUSE_KINDS = ['change', 'config', 'event', 'rollout'] as const

export interface Cause {
  /** epoch milliseconds */
  at: number
  /** `change`: made through Heddle; `config`: an object that was made or edited; `event`: of Kubernetes; `rollout`: pods began */
  kind: (typeof CAUSE_KINDS)[number]
  relation: Relation
  /** a sentence without the time */
  message: string
  /** who did it, where known */
  who: string | null
  /** of the change in the history */
  changeId: string | null
  object: { cluster: string; apiVersion: string | null; kind: string; namespace: string; name: string } | null
  /** before the incident began, or so close to it that it may be; null when its beginning is not known */
  isBefore: boolean | null
}

export type CauseCandidate = Omit<Cause, 'isBefore'>

/** So much earlier than an incident, a change still counts as "just before". */
const LOOK_BACK_MS = 30 * 60_000
/** Reports of what is going on already; long after the beginning they tell nothing of its cause. */
const LOOK_AHEAD_MS = 5 * 60_000
const MOST = 8

/** When something must have happened to have to do with what began then; without a known beginning, of late. */
export function causeWindow(began: { at: number } | null, now: number): { from: number; to: number } {
  return { from: (began?.at ?? now) - LOOK_BACK_MS, to: began ? began.at + LOOK_AHEAD_MS : now }
}

/**
 * Candidates that may have to do with it: before its beginning first, then by how near they are to the origin, then
 * by time. Without a known beginning the last half hour counts.
 */
export function rankCauses(
  candidates: readonly CauseCandidate[],
  began: { at: number; toleranceMs: number } | null,
  now: number,
): Cause[] {
  const { from, to } = causeWindow(began, now)
  const unique = new Map<string, Cause>()
  for (const candidate of candidates) {
    if (candidate.at < from || candidate.at > to) continue
    const isBefore = began ? candidate.at <= began.at + began.toleranceMs : null
    const { object } = candidate
    const key = object
      ? [
          candidate.kind === 'event' ? candidate.message : '',
          object.cluster,
          object.kind,
          object.namespace,
          object.name,
        ].join('/')
      : `${candidate.at}/${candidate.message}`
    const known = unique.get(key)
    const cause = { ...candidate, isBefore }
    if (!known || isBetter(cause, known)) unique.set(key, cause)
  }
  return [...unique.values()]
    .sort(
      (a, b) =>
        Number(b.isBefore ?? false) - Number(a.isBefore ?? false) ||
        RELATIONS.indexOf(a.relation) - RELATIONS.indexOf(b.relation) ||
        distance(a, began, now) - distance(b, began, now) ||
        (a.message < b.message ? -1 : 1),
    )
    .slice(0, MOST)
}

/** Of one object the change made through Heddle says most; else what is nearest to the origin. */
function isBetter(a: Cause, b: Cause): boolean {
  if ((a.kind === 'change') !== (b.kind === 'change')) return a.kind === 'change'
  return RELATIONS.indexOf(a.relation) < RELATIONS.indexOf(b.relation)
}

function distance(cause: Cause, began: { at: number } | null, now: number): number {
  return Math.abs(cause.at - (began?.at ?? now))
}
