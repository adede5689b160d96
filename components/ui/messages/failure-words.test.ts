import { expect, it } from 'vitest'
import { failureTitle } from './failure-words'

it.each([
  ['prometheus-unreachable', 'Prometheus does not answer'],
  ['prometheus-timeout', 'Prometheus does not answer'],
  ['prometheus-failed', 'Prometheus answers with an error'],
  ['prometheus-refused', 'Prometheus refuses the question'],
  ['prometheus-bad-answer', 'Prometheus gives no usable answer'],
])('names %s as what it is', (code, title) => expect(failureTitle('prometheus', code)).toBe(title))
