import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import { isUpstreamError, type UpstreamError } from '@/lib/mesh/upstream-error'
import { within } from '../clock'
import { noticeOf } from '../errors'
import { errorFacts } from '../log'
import { gridInstant, refreshStepMs, untilNextMs } from './grid'
import { expectedMs } from './latency'
import type { Snapshot } from './snapshot'
import { takeLatency, takeRates, withQuantilesOf, type Taker, type TakenLatency } from './take'

/** Shorter waits than the grid's, so that a revived Prometheus shows soon. */
const RETRY_MS = 5_000
/** Readers of a failing line get the old snapshot, or the old error, when a try has taken this long; it goes on. */
const PATIENCE_WITH_FAILURE_MS = 1_000
/** Readers of a line whose Prometheus is slow get the old snapshot when a refresh has taken this long; it is told when that is old. */
const PATIENCE_MS = 5_000
/** So long without an answer, and whoever looks is told that newer figures are late. */
const SLOW_MS = 15_000
/** A snapshot of so many refreshes ago is old: that the next is late matters at once. */
const OLD_STEPS = 2
/** Quantiles may keep Prometheus busy for a quarter of the time. */
const LATENCY_REST = 3
/** The last snapshot of a window nobody looks at any more is let go after this long. */
const FORGET_MS = 10 * 60_000

export interface LineState {
  snapshot: Snapshot | null
  /** why the newest snapshot is missing or late; null while all is well */
  failure: Notice | null
}

/**
 * The present of one window: one snapshot for all readers, taken anew on the grid while somebody looks.
 * A failing Prometheus leaves the last one standing.
 */
export class LiveLine {
  readonly windowSeconds: number
  readonly #taker: Taker
  readonly #listeners = new Map<(state: LineState) => void, ReadonlySet<string>>()
  #snapshot: Snapshot | null = null
  #failure: Notice | null = null
  /** that the refresh under way takes long */
  #slowness: Notice | null = null
  #error: UpstreamError | null = null
  #refreshing: Promise<void> | null = null
  #refreshingSince = 0
  #latency: Promise<void> = Promise.resolve()
  #lastLatency: TakenLatency | null = null
  #cancelTimer: (() => void) | null = null
  #wantedAt = -Infinity
  #isClosed = false

  constructor(taker: Taker, windowSeconds: number) {
    this.#taker = taker
    this.windowSeconds = windowSeconds
  }

  get state(): LineState {
    return { snapshot: this.#snapshot, failure: this.#failure ?? this.#slowness }
  }

  /**
   * The present snapshot with its traffic; quantiles may still be on their way (`settled`). While a refresh runs
   * behind a recent snapshot, that one answers at once. Throws UpstreamError when there is no snapshot at all.
   */
  async read(): Promise<Snapshot> {
    const { clock, refresh } = this.#taker
    this.#wantedAt = clock.now()
    const stepMs = this.#stepMs()
    const newest = gridInstant(clock.now(), stepMs, refresh.lagMs)
    const before = this.#snapshot
    if (before && before.at >= newest && !this.#failure) {
      this.#schedule()
      return before
    }
    const refreshing = this.refresh()
    if (before) {
      const isRecent = newest - before.at <= stepMs && !this.#failure
      if (isRecent) return before
    }
    if (this.#failure || before) {
      const patienceMs = this.#failure ? PATIENCE_WITH_FAILURE_MS : PATIENCE_MS
      // those who come late do not wait for what earlier ones gave up waiting for
      await within(clock, this.#refreshingSince + patienceMs - clock.now(), refreshing)
    } else {
      await refreshing
    }
    if (this.#snapshot) return this.#snapshot
    throw this.#error ?? new Error('a refresh left neither snapshot nor error')
  }

  /** Ends when the quantiles of the newest snapshot are there, or known to be missing. */
  get settled(): Promise<void> {
    return this.#latency
  }

  /** Keeps the line fresh and tells of every change until the answer is called. `namespaces`: what is looked at. */
  subscribe(listener: (state: LineState) => void, namespaces: ReadonlySet<string>): () => void {
    this.#listeners.set(listener, namespaces)
    // a failure is told to the listener and logged
    this.refresh().catch(() => {})
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** Takes the snapshot of the present grid instant unless it is there; concurrent callers share one. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#start()
    return this.#refreshing
  }

  close(): void {
    this.#isClosed = true
    this.#cancelTimer?.()
    this.#listeners.clear()
  }

  /** Tells of a refresh that takes long: an old figure must not pass for a new one until it fails. */
  #start(): Promise<void> {
    const { clock, refresh } = this.#taker
    this.#refreshingSince = clock.now()
    const tellAfter = (waitedMs: number, isToTell: (age: number) => boolean) =>
      clock.after(waitedMs, () => {
        if (!this.#snapshot) return
        const age = gridInstant(clock.now(), this.#stepMs(), refresh.lagMs) - this.#snapshot.at
        if (!isToTell(age)) return
        this.#slowness = {
          code: 'prometheus-slow',
          message: `Prometheus has not answered for ${waitedMs / 1000} s and is still asked. What is shown is the last that was measured.`,
          upstream: 'prometheus',
        }
        this.#tell()
      })
    const timers = [
      tellAfter(PATIENCE_MS, (age) => age > OLD_STEPS * this.#stepMs()),
      tellAfter(SLOW_MS, () => true),
    ]
    return this.#take().finally(() => {
      for (const cancel of timers) cancel()
      this.#slowness = null
      this.#refreshing = null
      this.#schedule()
    })
  }

  async #take(): Promise<void> {
    const { clock, refresh, log } = this.#taker
    // the first snapshot sets the grid: facts of Prometheus are learned before
    await this.#taker.facts.get()
    const at = gridInstant(clock.now(), this.#stepMs(), refresh.lagMs)
    if (this.#snapshot && this.#snapshot.at >= at && !this.#failure) return
    try {
      const taken = await takeRates(this.#taker, this.windowSeconds, at, this.#lastLatency, { isLive: true })
      this.#failure = null
      this.#slowness = null
      this.#error = null
      this.#change(taken.snapshot)
      // one question at a time: where it takes longer than a step, each more would make all of them slower
      this.#latency = this.#latency.then(() => this.#joinLatency(taken))
    } catch (error) {
      if (!isUpstreamError(error)) {
        log.write('error', 'snapshot failed', errorFacts(error))
        throw error
      }
      log.write('warn', 'snapshot failed', {
        upstream: error.upstream,
        kind: error.kind,
        error: error.message,
      })
      this.#error = error
      this.#failure = noticeOf(
        error,
        this.#snapshot
          ? 'What is shown is the last that was measured.'
          : 'There is nothing to show yet; it is asked again every few seconds.',
      )
      this.#tell()
    }
  }

  async #joinLatency(taken: Awaited<ReturnType<typeof takeRates>>): Promise<void> {
    // another snapshot came while this one waited for its turn
    if (this.#isClosed || this.#snapshot?.at !== taken.snapshot.at) return
    const last = this.#lastLatency
    const rates = { thenMs: last?.requestsMs ?? 0, nowMs: taken.rates.requestsMs }
    const restUntil = last ? last.takenAt + expectedMs(last.tookMs, rates) * LATENCY_REST : -Infinity
    const inView = new Set([...this.#listeners.values()].flatMap((namespaces) => [...namespaces]))
    const covers = last !== null && [...inView].every((namespace) => last.covers(namespace))
    try {
      if (last && this.#taker.clock.now() < restUntil && covers) {
        if (last !== taken.before) this.#change(withQuantilesOf(taken, last))
        return
      }
      const joined = await takeLatency(this.#taker, taken, last, inView)
      this.#lastLatency = joined.latency
      // a newer snapshot has already taken these quantiles along
      if (this.#snapshot?.at === taken.snapshot.at) this.#change(joined.snapshot)
    } catch (error) {
      this.#taker.log.write('error', 'latency failed', errorFacts(error))
    }
  }

  #change(snapshot: Snapshot): void {
    this.#snapshot = snapshot
    this.#taker.onTaken(snapshot)
    this.#tell()
  }

  #tell(): void {
    for (const listener of [...this.#listeners.keys()]) listener(this.state)
  }

  #stepMs(): number {
    return refreshStepMs(this.windowSeconds, this.#taker.facts.current().scrapeIntervalSeconds)
  }

  #schedule(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    if (this.#isClosed) return
    const { clock, refresh } = this.#taker
    const isWatched = this.#listeners.size > 0 || clock.now() - this.#wantedAt < refresh.keepMs
    if (!isWatched) {
      // nobody will find out when it is over: the next reader asks anew
      this.#failure = null
      this.#error = null
      this.#cancelTimer = clock.after(FORGET_MS, () => {
        this.#snapshot = null
        this.#lastLatency = null
      })
      return
    }
    const nextMs = Math.max(1, untilNextMs(clock.now(), this.#stepMs(), refresh.lagMs))
    this.#cancelTimer = clock.after(this.#failure ? Math.min(RETRY_MS, nextMs) : nextMs, () => {
      this.refresh().catch(() => {})
    })
  }
}
