import { expect, it } from 'vitest'
import { syncKindWords } from './sync-kinds'

it('names kinds of configuration in words, and one it does not know as it came', () => {
  expect(syncKindWords(['LDS'])).toBe('listeners')
  expect(syncKindWords(['CDS', 'LDS', 'XDS'])).toBe('clusters, listeners, and XDS')
})
