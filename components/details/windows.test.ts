import { expect, it } from 'vitest'
import { podsOwnerOf } from './windows'

const REVIEWS = { kind: 'app', name: 'reviews', version: null, workload: null } as const

it.each([
  ['an application', REVIEWS, { kind: 'apps', name: 'reviews', isOfAllVersions: false }],
  [
    'a version of one workload',
    { ...REVIEWS, version: 'v3', workload: 'reviews-v3' },
    { kind: 'workloads', name: 'reviews-v3', isOfAllVersions: false },
  ],
  [
    'a version of several workloads',
    { ...REVIEWS, version: 'v3' },
    { kind: 'apps', name: 'reviews', isOfAllVersions: true },
  ],
  [
    'a service',
    { kind: 'service', name: 'reviews', version: null, workload: null } as const,
    { kind: 'services', name: 'reviews', isOfAllVersions: false },
  ],
  ['what is outside', { kind: 'external', name: 'api.bank', version: null, workload: null } as const, null],
])('knows whose pods are those of %s', (_, node, owner) => {
  expect(podsOwnerOf(node)).toEqual(owner)
})
