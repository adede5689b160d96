import { expect, it } from 'vitest'
import { alertCountWords } from './alert-words'

it.each([
  [
    'counts what the rules find',
    { firing: 2, pending: 1, silenced: 0, rules: 12 },
    '2 firing, 1 pending, of 12 rules.',
  ],
  [
    'says what nobody is told of',
    { firing: 0, pending: 0, silenced: 1, rules: 1 },
    '0 firing, 0 pending, 1 silenced or inhibited, of 1 rule.',
  ],
  [
    'does not count where nothing can fire',
    { firing: 0, pending: 0, silenced: 0, rules: 0 },
    'Prometheus has no alerting rule, so nothing can fire.',
  ],
  [
    'does not call silence of unread rules zero',
    { firing: 0, pending: null, silenced: 0, rules: null },
    'None firing as far as Alertmanager knows; what the rules find is not known.',
  ],
  [
    'tells what Alertmanager holds',
    { firing: 3, pending: null, silenced: 1, rules: null },
    '3 firing, 1 silenced or inhibited as far as Alertmanager knows; what the rules find is not known.',
  ],
])('%s', (_, counts, words) => expect(alertCountWords(counts)).toBe(words))
