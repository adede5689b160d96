import { expect, it } from 'vitest'
import { drawFailure } from './draw-failure'

it.each([
  { name: 'ChunkLoadError', message: 'Loading failed' },
  { name: 'Error', message: 'Failed to load chunk /_next/static/chunks/14ce9.js from module 964893' },
])('a script that is gone asks for the page anew: $name', (error) => {
  expect(drawFailure(error)).toMatchObject({
    title: 'A part of this page could not be loaded',
    canDrawAgain: false,
  })
})

it('any other failure is said in whole sentences and may be tried again', () => {
  const text = 'x is undefined (123). The rest of Heddle works on.'
  for (const message of ['x is undefined', 'x is undefined.']) {
    expect(drawFailure({ name: 'TypeError', message, digest: '123' })).toMatchObject({
      text,
      canDrawAgain: true,
    })
  }
})
