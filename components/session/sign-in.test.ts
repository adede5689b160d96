import { expect, it } from 'vitest'
import { nextPath } from './SignInPage'

it.each([
  ['?next=%2Fgraph%3Fwindow%3D5m', '/graph?window=5m'],
  ['', '/'],
  ['?next=https%3A%2F%2Fevil.test', '/'],
  ['?next=%2F%2Fevil.test', '/'],
  ['?next=%2F%5Cevil.test', '/'],
  ['?next=%2Fsign-in', '/'],
])('%s leads to %s', (search, path) => expect(nextPath(search)).toBe(path))
