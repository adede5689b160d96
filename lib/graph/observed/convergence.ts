/** After weights were changed: has the traffic followed, and if not, why. */
import { shareInterval } from '@/lib/statistics/proportions'
import { formatRatio } from '@/lib/units/ratio'
import { formatWindow } from '@/lib/units/window'

export interface WatchedBackend {
  name: string
  /** 0..1 */
  configuredShare: number
  /** whole requests (or connections) of the rate window */
  requests: number
  /** null: a host outside */
  pods: { ready: number; total: number } | null
  /** null: no subset is named */
  isSubsetDefined: boolean | null
}

export interface WatchedCaller {
  name: string
  /** whole requests of the rate window, by backend */
  requests: readonly number[]
}

export interface Watched {
  backends: readonly WatchedBackend[]
  callers: readonly WatchedCaller[]
  /** requests of the rate window that no backend answered */
  elsewhere: number
  /** why another rule takes these requests; null: none does */
  shadow: string | null
  /** other rules send to the same services, so the figures hold theirs too */
  isShared: boolean
  /** since the weights were changed; null: not lately */
  elapsedSeconds: number | null
  /** what rates are taken over */
  windowSeconds: number
  unit: 'requests' | 'connections'
}

export type WatchCode =
  | 'converged'
  | 'measuring'
  | 'few-requests'
  | 'following'
  | 'no-traffic'
  | 'other-route'
  | 'no-weight'
  | 'subset-missing'
  | 'no-ready-pods'
  | 'unanswered'
  | 'proxies-behind'
  | 'other-rules'
  | 'apart'

export interface WatchVerdict {
  /** `waiting`: time or traffic will tell; `stuck`: it will not converge by itself */
  status: 'converged' | 'waiting' | 'stuck'
  code: WatchCode
  /** a sentence or two */
  message: string
}

/** Fewer say nothing: of 30 the interval is still a quarter of the whole wide. */
export const LEAST_TO_JUDGE = 30
/** A share this close is there, however many requests tell it apart: proxies deal out at random. */
const CLOSE = 0.02
/** Proxies take new routes within seconds; after this and a whole window they are late. */
const PATIENCE_SECONDS = 45
const MUCH_UNANSWERED = 0.05

/** Whether observed shares have reached the configured ones; the first thing that stands in the way is told. */
export function judgeWatch(watched: Watched): WatchVerdict {
  const { backends, unit, windowSeconds, elapsedSeconds, elsewhere } = watched
  const obstacle = obstacleOf(watched)
  if (obstacle) return obstacle
  const answered = backends.reduce((sum, backend) => sum + backend.requests, 0)
  const over = `in the last ${formatWindow(windowSeconds)}`
  if (answered + elsewhere === 0) {
    return waiting(
      'no-traffic',
      `No ${unit} came ${over}, so there is nothing to see yet. The weights hold for the next that come.`,
    )
  }
  const isFresh = elapsedSeconds !== null && elapsedSeconds < windowSeconds
  if (isFresh) {
    const left = Math.ceil(windowSeconds - elapsedSeconds)
    return waiting(
      'measuring',
      `The figures still hold ${unit} from before the change; in ${left} s they will be of after it alone.`,
    )
  }
  if (answered < LEAST_TO_JUDGE) {
    return waiting(
      'few-requests',
      `Not enough traffic yet: ${answered} ${unit} ${over}, ${LEAST_TO_JUDGE - answered} more are needed to tell.`,
    )
  }
  const requests = backends.map((backend) => backend.requests)
  const configured = backends.map((backend) => backend.configuredShare)
  if (isAt(requests, configured)) {
    const also = watched.isShared ? ' Other rules send to the same services and are in these figures.' : ''
    return {
      status: 'converged',
      code: 'converged',
      message: `Observed shares are at the configured ones (${answered} ${unit} ${over}).${also}`,
    }
  }
  return apart(watched, answered)
}

/** What keeps a split from working whatever is sent. */
function obstacleOf({ backends, shadow }: Watched): WatchVerdict | null {
  if (shadow !== null) return stuck('other-route', `${shadow} These weights move nothing.`)
  if (backends.every((backend) => backend.configuredShare === 0)) {
    return stuck('no-weight', 'All weights are 0: every request is refused.')
  }
  const sent = backends.filter((backend) => backend.configuredShare > 0)
  const missing = sent.find((backend) => backend.isSubsetDefined === false)
  if (missing) {
    return stuck(
      'subset-missing',
      `No DestinationRule defines the subset ${missing.name}: its ${formatRatio(missing.configuredShare)} fail.`,
    )
  }
  const dead = sent.find((backend) => backend.pods?.ready === 0)
  if (!dead) return null
  const pods = dead.pods?.total === 0 ? 'no pods' : `none of ${dead.pods?.total} pods ready`
  return stuck('no-ready-pods', `${dead.name} has ${pods}: its ${formatRatio(dead.configuredShare)} fail.`)
}

function apart(watched: Watched, answered: number): WatchVerdict {
  const { backends, callers, elsewhere, unit, elapsedSeconds, windowSeconds } = watched
  const unanswered = elsewhere / (answered + elsewhere)
  if (!watched.isShared && unanswered > MUCH_UNANSWERED) {
    return stuck(
      'unanswered',
      `${formatRatio(unanswered)} of the ${unit} reach none of these versions: nobody answers, or they go where the route does not say.`,
    )
  }
  const configured = backends.map((backend) => backend.configuredShare)
  const judged = callers.filter((caller) => sumOf(caller.requests) >= LEAST_TO_JUDGE)
  const behind = judged.filter((caller) => !isAt(caller.requests, configured))
  const isLate = elapsedSeconds === null || elapsedSeconds >= windowSeconds + PATIENCE_SECONDS
  if (behind.length > 0 && behind.length < judged.length) {
    return stuck(
      'proxies-behind',
      `${namesOf(behind)} still split otherwise while ${namesOf(judged.filter((one) => !behind.includes(one)))} follow: the proxies of the first have not taken the new weights.`,
    )
  }
  if (!isLate) return waiting('following', 'Observed shares are on their way to the configured ones.')
  if (watched.isShared) {
    return stuck(
      'other-rules',
      'Other rules send to the same services and telemetry does not tell them apart, so observed shares may stay away from these weights.',
    )
  }
  if (behind.length > 0 && elapsedSeconds !== null) {
    return stuck(
      'proxies-behind',
      `${namesOf(behind)} do not follow: their proxies have not taken the new weights, or another route wins. Look at istiod’s push errors.`,
    )
  }
  return stuck('apart', `Observed shares stay away from the configured ones (${answered} ${unit}).`)
}

/** True when each share lies within the 99 % interval of what was counted, or is as good as there. */
function isAt(requests: readonly number[], configured: readonly number[]): boolean {
  const trials = sumOf(requests)
  return configured.every((share, at) => {
    const events = requests[at] ?? 0
    if (Math.abs(events / trials - share) <= CLOSE) return true
    const interval = shareInterval({ events, trials }, 0.99)
    return interval !== null && share >= interval.low && share <= interval.high
  })
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

const MOST_NAMES = 3

function namesOf(callers: readonly WatchedCaller[]): string {
  const names = callers.slice(0, MOST_NAMES).map((caller) => caller.name)
  return callers.length > MOST_NAMES
    ? `${names.join(', ')} and ${callers.length - MOST_NAMES} more`
    : names.join(', ')
}

const waiting = (code: WatchCode, message: string): WatchVerdict => ({ status: 'waiting', code, message })
const stuck = (code: WatchCode, message: string): WatchVerdict => ({ status: 'stuck', code, message })
