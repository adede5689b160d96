import { expect, it } from 'vitest'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { noticeOf, sentence } from './errors'

it.each([
  ['the connection broke', 'The connection broke.'],
  ['is this the right address?', 'Is this the right address?'],
  // an address is no word
  ['http://jaeger:16686/api answered with status 500', 'http://jaeger:16686/api answered with status 500.'],
  ['input/output error\n', 'Input/output error.'],
])('makes a sentence of %j', (text, expected) => expect(sentence(text)).toBe(expected))

it.each([
  ['nothing listens there', 'Alertmanager: nothing listens there. Silences are not shown.'],
  ['Alertmanager: storage failed\n', 'Alertmanager: storage failed. Silences are not shown.'],
])('names the upstream of %j once', (message, expected) => {
  const error = new UpstreamError('alertmanager', 'http', message)
  expect(noticeOf(error, 'Silences are not shown.').message).toBe(expected)
})
