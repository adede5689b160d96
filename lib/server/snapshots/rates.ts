import 'server-only'
import { NOT_MEASURED } from '@/lib/api/notice-codes'
import type { Notice } from '@/lib/api/schemas/common'
import type { RequestSample, TcpSample } from '@/lib/mesh/traffic'
import type { PrometheusClient } from '@/lib/prometheus/client'
import { decodeRequests, decodeTcp } from '@/lib/prometheus/istio/decode'
import {
  canUseRecorded,
  trafficQueries,
  type QueryOptions,
  type TrafficQueries,
} from '@/lib/prometheus/istio/queries'
import type { Sample } from '@/lib/prometheus/decode'
import { noticeOf } from '../errors'
import { findOneSided, findSilence, findUnreported } from './silence'

export interface Rates {
  requests: RequestSample[]
  tcp: TcpSample[]
  isRecorded: boolean
  /** false: there are no rows since nothing was scraped, or none that can be read */
  isMeasured: boolean
  notices: Notice[]
  /** what is to be said of calls of which one side leaves out a cluster; looks at every row: for when nobody waits */
  oneSided: () => Notice | null
  /** how long the largest question took: what a dearer one may cost follows from it */
  requestsMs: number
}

/**
 * All rates of the mesh at one instant, from four queries. Without requests there is no snapshot (throws
 * UpstreamError); TCP that fails leaves a notice. `isLive`: all viewers wait for them, so they go before the charts of
 * a single one.
 */
export async function readRates(
  prometheus: PrometheusClient,
  { isLive, ...options }: QueryOptions & { at: number; isLive?: boolean },
  signal?: AbortSignal,
): Promise<Rates> {
  const queries = trafficQueries(options)
  const raw = trafficQueries({ ...options, recorded: new Set() })
  const notices: Notice[] = []
  const warnings = new Set<string>()
  const startedAt = performance.now()
  let requestsMs = 0

  const ask = async (query: string): Promise<Sample[]> => {
    const answer = await prometheus.instant(query, {
      time: options.at,
      goesBefore: isLive ?? false,
      ...(signal ? { signal } : {}),
    })
    for (const warning of answer.warnings) warnings.add(warning)
    return answer.samples
  }
  const wasRecorded = canUseRecorded(options, ['requests'])
  let isRecorded = wasRecorded
  const requestRows = ask(queries.requests).then(async (rows) => {
    let answer = rows
    if (isRecorded && rows.length === 0) {
      // the rules may be younger than this moment, or evaluate nothing any more: the raw series decide
      isRecorded = false
      answer = await ask(raw.requests)
    }
    requestsMs = performance.now() - startedAt
    return answer
  })
  const tcpOf = (of: TrafficQueries) =>
    [of.tcpReceived, of.tcpSent, of.tcpOpened].map((query) => () => ask(query))
  const tcpRows = inTurnBeside(requestRows, tcpOf(queries))
    .then(async (rows) => {
      await requestRows
      const isMissed = wasRecorded && !isRecorded && rows.every((answer) => answer.length === 0)
      return isMissed ? inTurnBeside(requestRows, tcpOf(raw)) : rows
    })
    .catch((error: unknown) => {
      // told once: when requests fail too, that is the failure that counts
      notices.push(noticeOf(error, 'TCP traffic is missing from this view.'))
      return [[], [], []] as Sample[][]
    })
  const [requests, [received = [], sent = [], opened = []]] = await Promise.all([requestRows, tcpRows])
  for (const warning of warnings) {
    notices.push({
      code: 'prometheus-partial',
      message: `Prometheus says its answer is not complete: ${warning}`,
      upstream: 'prometheus',
    })
  }
  const all = [requests, received, sent, opened]
  const isEmpty = all.every((rows) => rows.length === 0)
  const silence = isEmpty && notices.length === 0 ? await findSilence(prometheus, options, signal) : null
  const unreported = findUnreported(all)
  if (silence) notices.push(silence)
  if (unreported) notices.push(unreported)
  return {
    requests: decodeRequests(requests),
    tcp: decodeTcp({ received, sent, opened }),
    isRecorded,
    isMeasured: silence === null && unreported?.code !== NOT_MEASURED,
    notices,
    oneSided: () => findOneSided([...requests, ...opened]),
    requestsMs,
  }
}

/**
 * Answers of questions asked one by one while `main` is being answered, and all at once from then on: each keeps a
 * core of Prometheus busy, and three at a time would make the one question that takes longest wait for its turn.
 */
async function inTurnBeside<T>(
  main: Promise<unknown>,
  questions: readonly (() => Promise<T>)[],
): Promise<T[]> {
  const isMainDone = main.then(
    () => undefined,
    () => undefined,
  )
  const answers: Promise<T>[] = []
  for (const question of questions) {
    const answer = question()
    // its failure is told where all are awaited
    answer.catch(() => {})
    answers.push(answer)
    await Promise.race([isMainDone, answer])
  }
  return Promise.all(answers)
}
