import { expect, it } from 'vitest'
import { failureTitle, troubleSummary, troubleWords } from './failure-words'

it.each([
  ['prometheus-unreachable', 'Prometheus does not answer'],
  ['prometheus-timeout', 'Prometheus does not answer'],
  ['prometheus-failed', 'Prometheus answers with an error'],
  ['prometheus-refused', 'Prometheus refuses the question'],
  ['prometheus-bad-answer', 'Prometheus gives no usable answer'],
])('names %s as what it is', (code, title) => expect(failureTitle('prometheus', code)).toBe(title))

it.each([
  ['jaeger-unreachable', 'not reachable'],
  ['jaeger-timeout', 'not reachable'],
  [null, 'not reachable'],
  ['jaeger-failed', 'answers with an error'],
  ['jaeger-bad-answer', 'gives no usable answer'],
])('%s as a state', (code, words) => expect(troubleWords('jaeger', code)).toBe(words))

it('sums up those that fail, by how they fail', () => {
  const prometheus = { name: 'prometheus', code: 'prometheus-unreachable' } as const
  const kubernetes = { name: 'kubernetes', code: null } as const
  const tempo = { name: 'tempo', code: 'tempo-bad-answer' } as const
  expect(troubleSummary([prometheus])).toBe('Prometheus not reachable')
  expect(troubleSummary([prometheus, tempo, kubernetes])).toBe(
    'Prometheus, Kubernetes: not reachable; Tempo gives no usable answer',
  )
})
