import { ApiError, badParameter } from '@/lib/demo/prometheus/api/respond'
import { durationParam, timeParam } from '@/lib/demo/prometheus/api/params'
import { typeOf } from '@/lib/demo/prometheus/promql/syntax/check'
import type { Expr } from '@/lib/demo/prometheus/promql/syntax/ast'
import { timeLimit } from '@/lib/demo/prometheus/promql/context'
import {
  PromqlExecutionError,
  PromqlParseError,
  PromqlTimeoutError,
} from '@/lib/demo/prometheus/promql/syntax/errors'
import { parsePromql } from '@/lib/demo/prometheus/promql/syntax/parse'
import type { QueryEngine, QueryOptions, QueryResult } from '@/lib/demo/prometheus/promql/query'

const LONGEST_QUERY_MS = 120_000
/** Prometheus's own bound: sixty seconds' resolution for a week, or one hour's for a year. */
const MOST_POINTS = 11_000

export function answerQuery(
  engine: QueryEngine,
  params: URLSearchParams,
  nowMs: number,
  clock: () => number,
): QueryResult {
  const atMs = timeParam(params, 'time', nowMs)
  const options = queryOptions(params, clock)
  const expr = parseQuery(params)
  return evaluated(() => engine.instant(expr, atMs, options))
}

export function answerQueryRange(
  engine: QueryEngine,
  params: URLSearchParams,
  clock: () => number,
): QueryResult {
  const startMs = timeParam(params, 'start')
  const endMs = timeParam(params, 'end')
  if (endMs < startMs) throw badParameter('end', 'end timestamp must not be before start time')
  const stepMs = durationParam(params, 'step')
  if (stepMs === undefined) throw badParameter('step', 'cannot parse "" to a valid duration')
  if (stepMs <= 0) {
    throw badParameter(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    )
  }
  if ((endMs - startMs) / stepMs > MOST_POINTS) {
    throw new ApiError(
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    )
  }
  const options = queryOptions(params, clock)
  const expr = parseQuery(params)
  const type = typeOf(expr)
  if (type !== 'vector' && type !== 'scalar') {
    const name = type === 'matrix' ? 'range vector' : type
    throw badParameter(
      'query',
      `invalid expression type "${name}" for range query, must be Scalar or instant Vector`,
    )
  }
  return evaluated(() => engine.range(expr, startMs, endMs, stepMs, options))
}

function queryOptions(params: URLSearchParams, clock: () => number): QueryOptions {
  const timeoutMs = durationParam(params, 'timeout')
  const lookbackMs = durationParam(params, 'lookback_delta')
  return {
    checkTime: timeLimit(clock, Math.min(timeoutMs ?? LONGEST_QUERY_MS, LONGEST_QUERY_MS)),
    ...(lookbackMs === undefined ? {} : { lookbackMs }),
  }
}

function parseQuery(params: URLSearchParams): Expr {
  try {
    return parsePromql(params.get('query') ?? '')
  } catch (error) {
    throw error instanceof PromqlParseError ? badParameter('query', error.message) : error
  }
}

function evaluated(evaluate: () => QueryResult): QueryResult {
  try {
    return evaluate()
  } catch (error) {
    if (error instanceof PromqlExecutionError) throw new ApiError('execution', error.message)
    if (error instanceof PromqlTimeoutError) throw new ApiError('timeout', error.message)
    throw error
  }
}
