import { describe, expect, it } from 'vitest'
import {
  hostMatches,
  hostSpecificity,
  hostsOverlap,
  isIpAddress,
  isVisibleFrom,
  parseServiceHost,
  resolveHost,
} from './hosts'

it.each([
  ['reviews', 'reviews.bookinfo.svc.cluster.local'],
  ['Reviews', 'reviews.bookinfo.svc.cluster.local'],
  ['reviews.other', 'reviews.other'],
  ['reviews.other.svc.cluster.local', 'reviews.other.svc.cluster.local'],
  ['reviews.other.svc.cluster.local.', 'reviews.other.svc.cluster.local'],
  ['*', '*'],
  ['api.example.com', 'api.example.com'],
])('resolves %s to %s', (host, full) => expect(resolveHost(host, 'bookinfo')).toBe(full))

it.each([
  ['reviews.bookinfo.svc.cluster.local', { name: 'reviews', namespace: 'bookinfo' }],
  ['reviews.bookinfo.svc', { name: 'reviews', namespace: 'bookinfo' }],
  ['db-0.db.shop.svc.cluster.local', { name: 'db', namespace: 'shop' }],
  ['api.example.com', undefined],
  ['a.b.c.d.svc.example.com', undefined],
  ['reviews', undefined],
  ['svc', undefined],
  ['.bookinfo.svc', undefined],
])('reads the service of %s', (host, service) => expect(parseServiceHost(host)).toEqual(service))

it.each([
  ['*', 'a.b', true],
  ['a.b', 'a.b', true],
  ['*.b', 'a.b', true],
  ['*.b', 'c.a.b', true],
  ['*.b', 'b', false],
  ['*.b', 'ab', false],
  ['a.b', 'c.b', false],
])('pattern %s on %s: %s', (pattern, host, matches) => expect(hostMatches(pattern, host)).toBe(matches))

it.each([
  ['*.b.c', '*.c', true],
  ['*.b.c', '*.d.c', false],
  ['a.c', '*.c', true],
])('%s and %s overlap: %s', (a, b, overlap) => {
  expect(hostsOverlap(a, b)).toBe(overlap)
  expect(hostsOverlap(b, a)).toBe(overlap)
})

it('ranks exact before long wildcard before short wildcard', () => {
  const hosts = ['*.c', 'a.c', '*', '*.b.c']
  expect(hosts.sort((a, b) => hostSpecificity(b) - hostSpecificity(a))).toEqual(['a.c', '*.b.c', '*.c', '*'])
})

describe('exportTo', () => {
  it.each([
    [undefined, 'b', true],
    [[], 'b', true],
    [['*'], 'b', true],
    [['.'], 'b', false],
    [['.'], 'a', true],
    [['b'], 'b', true],
    [['c'], 'b', false],
  ])('%s of namespace a seen from %s: %s', (exportTo, from, visible) => {
    expect(isVisibleFrom(exportTo, 'a', from)).toBe(visible)
  })
})

it('knows bare addresses', () => {
  const hosts = [
    '10.0.0.1',
    '10.0.0.1:8080',
    '::1',
    '[fd00::1]:80',
    'fd00::1',
    'a.b',
    '1.2.3',
    'cafe',
    'a:80',
  ]
  expect(hosts.filter(isIpAddress)).toEqual(['10.0.0.1', '10.0.0.1:8080', '::1', '[fd00::1]:80', 'fd00::1'])
})
