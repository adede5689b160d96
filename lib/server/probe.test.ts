import { expect, it } from 'vitest'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { manualClock } from '@/tests/support/heddle/manual-clock'
import { createProbe } from './probe'

const reachOf = (error: UpstreamError) => createProbe(manualClock(0), () => Promise.reject(error))()

it('takes a 404 for a wrong address', async () => {
  const missing = new UpstreamError('jaeger', 'http', 'http://jaeger/api/services does not exist (404)', {
    status: 404,
  })
  expect(await reachOf(missing)).toEqual({
    isReachable: false,
    error: 'http://jaeger/api/services does not exist (404).',
    code: 'jaeger-failed',
  })
})

it('takes one that refuses the question for one that is there', async () => {
  const refused = new UpstreamError('prometheus', 'query', 'no such page', { status: 400 })
  expect(await reachOf(refused)).toMatchObject({ isReachable: true, error: null })
})
