import { describe, expect, it } from 'vitest'
import { readSettings } from './settings'

describe('settings', () => {
  it('reads environment and flags, and does without', () => {
    expect(readSettings([], {})).toMatchObject({
      seed: 1,
      services: undefined,
      scenario: undefined,
      ports: {},
      kubeconfigOut: '.heddle/kubeconfig',
      json: false,
      withParent: false,
    })
    const env = { HEDDLE_DEMO_SEED: '7', HEDDLE_DEMO_SERVICES: '200', HEDDLE_DEMO_SCENARIO: 'degraded' }
    const args = ['--json', '--with-parent', '--prometheus-port', '9090', '--kubeconfig-out', 'x']
    expect(readSettings(args, env)).toMatchObject({
      seed: 7,
      services: 200,
      scenario: 'degraded',
      ports: { prometheus: 9090 },
      kubeconfigOut: 'x',
      json: true,
      withParent: true,
    })
  })

  it('takes an empty variable for none', () => {
    const env = { HEDDLE_DEMO_SEED: '', HEDDLE_DEMO_SERVICES: '', HEDDLE_DEMO_SCENARIO: '' }
    expect(readSettings([], env)).toEqual(readSettings([], {}))
  })

  it.each([
    [{ HEDDLE_DEMO_SEED: 'blue' }, [], 'HEDDLE_DEMO_SEED must be a whole number'],
    [
      { HEDDLE_DEMO_SERVICES: '1' },
      [],
      'HEDDLE_DEMO_SERVICES must be a whole number from 10 to 5000, not "1"',
    ],
    [{ HEDDLE_DEMO_SERVICES: '1e3' }, [], 'HEDDLE_DEMO_SERVICES'],
    [
      { HEDDLE_DEMO_SCENARIO: 'doom' },
      [],
      'HEDDLE_DEMO_SCENARIO=doom is no scenario; choose one of healthy, ',
    ],
    [{}, ['--jaeger-port', '99999'], '--jaeger-port must be a whole number from 0 to 65535'],
    [{}, ['--colour'], "Unknown option '--colour'. --help lists the flags."],
  ])('refuses %o %o', (env, args, sentence) => {
    expect(() => readSettings(args, env)).toThrow(sentence)
  })
})
