import { expect, it } from 'vitest'
import { groupRule } from './chart-groups'

const version = groupRule('version', 'inbound', false)

it.each([
  ['v1', { destination_canonical_service: 'reviews', destination_canonical_revision: 'v1' }],
  ['latest', { destination_canonical_service: 'reviews', destination_canonical_revision: 'latest' }],
  // what Istio writes of a request that found no endpoint
  ['nobody reached', { destination_canonical_service: 'unknown', destination_canonical_revision: 'latest' }],
  [
    'version unknown',
    { destination_canonical_service: 'reviews', destination_canonical_revision: 'unknown' },
  ],
])('names a version %s', (name, labels) => expect(version.nameOf(labels)).toBe(name))

it('says of a caller without a proxy that its version is unknown', () => {
  const { nameOf } = groupRule('version', 'outbound', false)
  expect(nameOf({ source_canonical_service: 'unknown', source_canonical_revision: 'latest' })).toBe(
    'version unknown',
  )
})
