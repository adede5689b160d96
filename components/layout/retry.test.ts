import { expect, it } from 'vitest'
import { ApiFailure } from '@/lib/api/fetch'
import { isRetried } from './retry'

const failure = (status: number, upstream?: 'prometheus') =>
  new ApiFailure('', { code: 'any', status, ...(upstream ? { upstream } : {}) })

it.each([
  ['a server that is not there', failure(0), 2],
  ['an upstream the server has tried itself', failure(503, 'prometheus'), 1],
  ['what does not exist', failure(404), 0],
  ['anything else', new Error('broke'), 2],
])('asks %s again no more often than may help', (_, error, times) => {
  expect([0, 1, 2, 3].filter((failures) => isRetried(failures, error))).toHaveLength(times)
})
