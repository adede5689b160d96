/** What the reader of a cluster's inventory must be told about its gaps. */
import type { WatchedKind } from '../kinds'
import { qualifiedKind } from '../kinds'

export interface InventoryNotice {
  code: 'kinds-absent' | 'kinds-forbidden' | 'kinds-stale' | 'objects-unreadable'
  message: string
}

export interface KindReport {
  /** `Kind.group`, or `Kind` alone in the core group */
  kind: string
  state: 'watching' | 'absent' | 'forbidden' | 'retrying'
  lastHeardAt: number | null
}

const MOST_NAMED = 5

/** In a fixed order, without times: the same gaps make the same sentences. */
export function noticesOf(
  wanted: readonly WatchedKind[],
  reports: readonly KindReport[],
  broken: readonly string[],
): InventoryNotice[] {
  const notices: InventoryNotice[] = []
  const inState = (state: KindReport['state']) =>
    reports.filter((report) => report.state === state).map((report) => report.kind)
  const expected = new Set(wanted.filter((one) => one.isExpected).map(qualifiedKind))
  const absent = inState('absent').filter((kind) => expected.has(kind))
  if (absent.length > 0) {
    notices.push({
      code: 'kinds-absent',
      message: `The cluster does not serve ${namesOf(absent)}; what depends on them stays empty.`,
    })
  }
  const forbidden = inState('forbidden')
  if (forbidden.length > 0) {
    notices.push({
      code: 'kinds-forbidden',
      message: `The account may not read ${namesOf(forbidden)}; grant it list and watch in all namespaces.`,
    })
  }
  const stale = reports.filter((one) => one.state === 'retrying' && one.lastHeardAt !== null)
  if (stale.length > 0) {
    notices.push({
      code: 'kinds-stale',
      message: `No news of ${namesOf(stale.map((one) => one.kind))}: the connection is being made again, the last known state is shown.`,
    })
  }
  if (broken.length > 0) {
    const are = broken.length === 1 ? 'object could not be read and is' : 'objects could not be read and are'
    notices.push({
      code: 'objects-unreadable',
      message: `${broken.length} ${are} left out: ${namesOf(broken)}.`,
    })
  }
  return notices
}

function namesOf(names: readonly string[]): string {
  const shown = [...names].sort().slice(0, MOST_NAMED)
  const rest = names.length - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}
