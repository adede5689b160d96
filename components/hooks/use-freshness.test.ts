import { expect, it } from 'vitest'
import { ApiFailure } from '@/lib/api/fetch'
import { NOT_MEASURED } from '@/lib/api/notice-codes'
import { freshnessOf } from './use-freshness'

const failure = (status: number) => new ApiFailure('any', { status, code: 'any' })
const notice = (code: string) => [{ code, message: 'any' }]

it.each([
  ['figures', freshnessOf(7, false, null), { at: 7, isBehind: false, isReported: true }],
  ['nothing yet', freshnessOf(null, true, null), { at: null, isFetching: true, isBehind: false }],
  ['no answer', freshnessOf(null, false, failure(503)), { at: null, isBehind: true, isReported: true }],
  ['older figures', freshnessOf(7, false, failure(503)), { at: 7, isBehind: true }],
  [
    'figures said to be old',
    freshnessOf(7, false, null, notice('prometheus-timeout')),
    { at: 7, isBehind: true },
  ],
  [
    'objects without figures',
    freshnessOf(7, false, null, notice(NOT_MEASURED)),
    { at: null, isBehind: true },
  ],
  [
    'that there is no such thing',
    freshnessOf(null, false, failure(404)),
    { isReported: false, isBehind: false },
  ],
  ['that it is gone', freshnessOf(7, false, failure(404)), { at: 7, isBehind: true, isReported: true }],
])('%s', (_, freshness, expected) => expect(freshness).toMatchObject(expected))
