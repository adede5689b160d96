import { describe, expect, it } from 'vitest'
import { CANVAS_KEYS } from '@/components/graph/canvas/canvas-keys'
import { commandOf, nameOfKey } from './key-rows'
import { keyWords } from './key-words'
import { LINE_KEYS, rowAfter, SPAN_KEYS, TABLE_KEYS } from './row-keys'
import { GO_TO, SHORTCUTS } from './shortcuts'

const press = (
  key: string,
  held: Partial<Record<'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {},
  code = '',
) => ({
  key,
  code,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
})

describe('the tables of keys', () => {
  it('bind no key twice on every page, and no first key of two alone', () => {
    const all = [...SHORTCUTS, ...GO_TO].map(({ keys }) => keys.join(' '))
    expect(new Set(all).size).toBe(all.length)
    expect(all).not.toContain('g')
  })

  it.each([
    ['graph', CANVAS_KEYS],
    ['tables', TABLE_KEYS],
    ['logs', LINE_KEYS],
    ['traces', SPAN_KEYS],
  ])('bind no key twice in %s', (_, rows) => {
    const all = rows.flatMap(({ keys }) => [...keys])
    expect(new Set(all).size).toBe(all.length)
  })

  it('leave the keys of a graph or table to it', () => {
    const everywhere = new Set(SHORTCUTS.flatMap(({ keys }) => keys))
    for (const key of [...CANVAS_KEYS, ...TABLE_KEYS, ...LINE_KEYS, ...SPAN_KEYS].flatMap(({ keys }) => [
      ...keys,
    ])) {
      expect(everywhere.has(key)).toBe(false)
    }
  })
})

describe('nameOfKey', () => {
  it.each([
    [press('k', { ctrlKey: true }), 'mod+k'],
    [press('K', { metaKey: true }), 'mod+k'],
    [press('k', { ctrlKey: true, shiftKey: true }), null],
    [press('?', { shiftKey: true }), '?'],
    [press('P', { shiftKey: true }), null],
    [press('p'), 'p'],
    [press('л', { ctrlKey: true }, 'KeyK'), 'mod+k'],
    [press('Shift', { shiftKey: true }), null],
    [press('p', { altKey: true }), null],
  ])('%o', (event, name) => expect(nameOfKey(event)).toBe(name))
})

it('tells arrows with Shift apart, and leaves Ctrl to others', () => {
  expect(commandOf(CANVAS_KEYS, press('ArrowUp'))).toBe('walk')
  expect(commandOf(CANVAS_KEYS, press('ArrowUp', { shiftKey: true }))).toBe('pan')
  expect(commandOf(CANVAS_KEYS, press('+', { shiftKey: true }))).toBe('zoomIn')
  expect(commandOf(CANVAS_KEYS, press('0', { ctrlKey: true }))).toBeUndefined()
})

it('walks rows and stays within them', () => {
  const walk = ['next', 'previous', 'pageDown', 'pageUp', 'first', 'last', 'toggle'] as const
  expect(walk.map((command) => rowAfter(command, 0, 30))).toEqual([1, null, 20, null, null, 29, null])
  expect(walk.map((command) => rowAfter(command, 29, 30))).toEqual([null, 28, null, 9, 0, null, null])
})

it('names keys as they stand on a keyboard', () => {
  expect(['mod+k', '?', 'ArrowUp', ' ', 'Shift ArrowLeft'].map((key) => keyWords([key]))).toEqual([
    'Ctrl K',
    '?',
    '↑',
    'Space',
    'Shift ←',
  ])
  expect(keyWords(['g', 'o'])).toBe('G O')
})
