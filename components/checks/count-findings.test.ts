import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { TRAFFIC_CHECKS } from '@/lib/validation/observed'
import { isTold } from './count-findings'

const list = (code: string, upstream: 'prometheus' | 'kubernetes') => ({
  items: [],
  notices: [{ code, message: '', upstream }],
})

it.each([
  ['IST0101', { items: [], notices: [] }, true],
  ['IST0101', list('checks-without-traffic', 'prometheus'), true],
  ['HED0001', list('checks-without-traffic', 'prometheus'), false],
  ['HED0001', { items: [], notices: [] }, true],
  ['IST0101', list('objects-not-read', 'kubernetes'), false],
  ['IST0101', { items: [{}] as never[], notices: list('kinds-forbidden', 'kubernetes').notices }, false],
  ['IST0101', { items: [{}] as never[], notices: [{ code: 'findings-cut', message: '' }] }, false],
])('says of %s that none was found only where it was looked for', (code, answer, told) => {
  expect(isTold(code, answer)).toBe(told)
})

it('knows every check that looks at traffic', () => {
  const folder = 'lib/validation/checkers/observed'
  const text = readdirSync(folder)
    .filter((name) => !name.endsWith('.test.ts'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
    .join('')
  expect(TRAFFIC_CHECKS).toEqual(new Set(text.match(/HED\d{4}/g)))
})
