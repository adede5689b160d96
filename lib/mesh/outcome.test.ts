import { describe, expect, it } from 'vitest'
import { findGrpcStatusName, outcomeOf } from './outcome'
import { explainFlags, hasArrived, isFailedConnection, splitFlags } from './response-flags'

describe('outcomeOf', () => {
  it.each([
    ['http', '200', null, '200', false, false],
    ['http', '304', null, '304', false, false],
    ['http', '404', null, '404', false, true],
    ['http', '503', null, '503', true, false],
    ['http', '0', null, '0', true, false],
    // gRPC fails on HTTP 200
    ['grpc', '200', '0', '0', false, false],
    ['grpc', '200', '14', '14', true, false],
    // an empty status leaves HTTP's word
    ['grpc', '200', '', '200', false, false],
    ['grpc', '200', null, '200', false, false],
    // HTTP 4xx and 5xx come before the status
    ['grpc', '503', '14', '503', true, false],
    ['grpc', '503', '0', '503', true, false],
    ['grpc', '403', '7', '403', false, true],
    // no response comes before both, and must not look like gRPC's OK
    ['grpc', '0', null, '-', true, false],
    ['grpc', '0', '0', '-', true, false],
    // plain HTTP never reads a gRPC status
    ['http', '200', '14', '200', false, false],
  ] as const)('%s %s status %s is %s', (protocol, responseCode, grpcStatus, code, isError, isClientError) => {
    expect(outcomeOf({ protocol, responseCode, grpcStatus })).toEqual({ code, isError, isClientError })
  })
})

describe('response flags', () => {
  it('splits comma lists', () => {
    expect(splitFlags('UF,URX')).toEqual(['UF', 'URX'])
    expect(splitFlags('-')).toEqual([])
    expect(splitFlags('')).toEqual([])
  })

  it('knows what never reached the workload', () => {
    expect(['-', 'UH', 'UF,URX', 'DC', 'UT', 'NR', 'WHAT'].map(hasArrived)).toEqual([
      true,
      false,
      false,
      true,
      true,
      false,
      true,
    ])
  })

  it('knows failed connections, also of the L4 proxy', () => {
    expect(['-', 'DC', 'UF', 'DENY', 'WHAT'].map(isFailedConnection)).toEqual([
      false,
      false,
      true,
      true,
      false,
    ])
  })

  it('explains them in words', () => {
    expect(explainFlags('UF,XY')).toBe('could not connect (UF), XY')
    expect(explainFlags('-')).toBe('')
  })
})

it('names gRPC statuses', () => {
  expect(['0', '14', '16', '17', 'x', ''].map(findGrpcStatusName)).toEqual([
    'OK',
    'Unavailable',
    'Unauthenticated',
    undefined,
    undefined,
    undefined,
  ])
})
