/**
 * How fast an error budget is spent. The budget of an objective of 99.9 % is the one request in a thousand that may
 * fail; a burn rate of 1 spends it exactly within the objective's window. Pure.
 * Method: https://sre.google/workbook/alerting-on-slos/ (multiwindow, multi-burn-rate)
 */

export const MINUTE = 60
export const HOUR = 3_600
export const DAY = 86_400

export interface BurnRule {
  /** `page`: somebody must look now; `ticket`: somebody must look these days */
  severity: 'page' | 'ticket'
  longSeconds: number
  shortSeconds: number
  factor: number
}

/** The long window says that it matters, the short one that it still goes on. */
export const BURN_RULES: readonly BurnRule[] = [
  { severity: 'page', longSeconds: HOUR, shortSeconds: 5 * MINUTE, factor: 14.4 },
  { severity: 'page', longSeconds: 6 * HOUR, shortSeconds: 30 * MINUTE, factor: 6 },
  { severity: 'ticket', longSeconds: 3 * DAY, shortSeconds: 6 * HOUR, factor: 1 },
]

/** All windows the rules look at, shortest first, in seconds. */
export const BURN_WINDOWS: readonly number[] = [
  ...new Set(BURN_RULES.flatMap(({ longSeconds, shortSeconds }) => [shortSeconds, longSeconds])),
].sort((a, b) => a - b)

/** Requests of a time: how many, and how many broke the objective. */
export interface Events {
  total: number
  bad: number
}

/** Times the even pace at which the budget is spent; null when nothing was asked. */
export function burnRate(events: Events | null, target: number): number | null {
  if (!events || !(events.total > 0)) return null
  return clamped(events.bad / events.total) / (1 - target)
}

/** The rules whose two windows both burn faster than they allow, worst first. A window that is not known holds none. */
export function brokenRules(
  burns: ReadonlyMap<number, number | null>,
  windowSeconds: number,
): readonly BurnRule[] {
  return BURN_RULES.filter(({ longSeconds, shortSeconds, factor }) => {
    // a rule about more than the objective's own window says nothing of it
    if (longSeconds > windowSeconds) return false
    const long = burns.get(longSeconds) ?? null
    const short = burns.get(shortSeconds) ?? null
    return long !== null && short !== null && long > factor && short > factor
  })
}

export interface Budget {
  /** share of the window's budget that the known part has spent; above 1: overspent */
  spentRatio: number
  /** what is left at most: exactly that when the whole window is known; below 0: overspent */
  leftRatio: number
}

/**
 * What is left of the budget of a window of which `knownSeconds` are known. The unknown part is taken to have had the
 * same traffic and no failure, so that what is left is at most this. Null when nothing was asked, or nothing is known.
 */
export function budgetOf(
  events: Events | null,
  objective: { target: number; windowSeconds: number },
  knownSeconds: number,
): Budget | null {
  const burn = burnRate(events, objective.target)
  if (burn === null || !(knownSeconds > 0)) return null
  const spentRatio = burn * Math.min(1, knownSeconds / objective.windowSeconds)
  return { spentRatio, leftRatio: 1 - spentRatio }
}

/**
 * Seconds until the budget is gone at this burn rate; 0 when it is gone, null when it lasts: at a rate of 1 or less
 * failures leave the window as fast as they come.
 */
export function goneInSeconds(
  budget: Budget | null,
  burn: number | null,
  windowSeconds: number,
): number | null {
  if (!budget) return null
  if (budget.leftRatio <= 0) return 0
  if (burn === null || burn <= 1) return null
  return (budget.leftRatio * windowSeconds) / burn
}

/** Counts of two queries can differ by a request. */
const clamped = (ratio: number) => Math.min(1, Math.max(0, ratio))
