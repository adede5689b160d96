import { expect, it } from 'vitest'
import type { End } from '../types'
import { edgeIdOf, nameOfEnd, nameOfService } from './names'

const end = (more: Partial<End> = {}): End => ({
  kind: 'workload',
  cluster: 'east',
  namespace: 'bookinfo',
  workload: 'reviews-v1',
  app: 'reviews',
  version: 'v1',
  isGateway: false,
  isWaypoint: false,
  ...more,
})

it.each([
  ['workload', 'east/bookinfo/workload/reviews-v1'],
  ['app', 'east/bookinfo/app/reviews'],
  ['versionedApp', 'east/bookinfo/app/reviews/v1'],
  ['service', 'east/bookinfo/workload/reviews-v1'],
] as const)('one end has another name in each type of graph: %s', (type, id) => {
  const one = end()
  // whichever was asked for first
  nameOfEnd(one, 'app')
  expect(nameOfEnd(one, type).id).toBe(id)
  expect(nameOfEnd(one, type)).toBe(nameOfEnd(one, type))
})

it('names edges by both ends and the protocol', () => {
  const source = nameOfEnd(end(), 'workload')
  const target = nameOfService({ kind: 'service', cluster: 'east', namespace: 'a', name: 'b', role: null })
  const id = 'east/bookinfo/workload/reviews-v1>east/a/service/b#'
  expect(edgeIdOf(source, target, 'http')).toBe(`${id}http`)
  expect(edgeIdOf(source, target, 'grpc')).toBe(`${id}grpc`)
  expect(edgeIdOf(source, target, 'http')).toBe(`${id}http`)
  expect(edgeIdOf(target, source, 'http')).not.toBe(`${id}http`)
})
