/** Which objective to look at first. Pure. */

export type SloState = 'failing' | 'degraded' | 'healthy' | 'unknown'

interface Rankable {
  id: string
  state: SloState
  budgetLeft: number | null
  burns: readonly { windowSeconds: number; rate: number | null }[]
}

const ORDER: readonly SloState[] = ['failing', 'degraded', 'unknown', 'healthy']

/** Worst state first, then the least budget, then the fastest burn of the last hour. */
export function compareSlos(a: Rankable, b: Rankable): number {
  return (
    ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
    (a.budgetLeft ?? Infinity) - (b.budgetLeft ?? Infinity) ||
    pace(b) - pace(a) ||
    (a.id < b.id ? -1 : 1)
  )
}

const pace = ({ burns }: Rankable) => burns.find(({ windowSeconds }) => windowSeconds === 3_600)?.rate ?? 0

/** A spent budget is as bad as one that burns at the pace of a page; nothing is well whose budget is not known. */
export function stateOf(of: {
  budgetLeft: number | null
  broken: readonly { severity: 'page' | 'ticket' }[]
}): SloState {
  if (of.budgetLeft !== null && of.budgetLeft <= 0) return 'failing'
  if (of.broken.some(({ severity }) => severity === 'page')) return 'failing'
  if (of.broken.length > 0) return 'degraded'
  return of.budgetLeft === null ? 'unknown' : 'healthy'
}
