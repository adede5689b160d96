import { describe, expect, it } from 'vitest'
import { DEFAULT_HEALTH } from '@/lib/health/tolerance'
import { readConfig } from './config'

const PROMETHEUS_URL = 'http://prometheus:9090'
const noFiles = {
  read(path: string): string {
    throw new Error(`there is no ${path}`)
  },
}
const file = (text: string) => ({ read: () => text })

describe('a configuration', () => {
  it('needs the address of a Prometheus and nothing else', () => {
    const config = readConfig({ PROMETHEUS_URL }, noFiles)
    expect(config).toMatchObject({
      mode: 'telemetry',
      readOnly: false,
      jaeger: null,
      alertmanager: null,
      clusters: [],
      defaultCluster: 'Kubernetes',
      demoControlUrl: null,
      health: DEFAULT_HEALTH,
    })
    expect(config.prometheus).toMatchObject({ url: PROMETHEUS_URL, headers: {}, scope: [] })
  })

  it('takes headers, a scope and thresholds', () => {
    const yaml = `
readOnly: true
prometheus: { scope: { mesh_id: prod }, latencyBudgetSeconds: 2, scrapeIntervalSeconds: 30 }
health: { tolerances: [{ codes: 5XX, degraded: 0.01, failing: 0.2 }], latency: false }
`
    const config = readConfig(
      { PROMETHEUS_URL, PROMETHEUS_HEADERS: '{"X-Scope-OrgID":"a"}', HEDDLE_CONFIG: 'heddle.yaml' },
      file(yaml),
    )
    expect(config.readOnly).toBe(true)
    expect(config.prometheus).toMatchObject({
      headers: { 'X-Scope-OrgID': 'a' },
      scope: [{ label: 'mesh_id', op: '=', value: 'prod' }],
      latencyBudgetMs: 2000,
      scrapeIntervalSeconds: 30,
    })
    expect(config.health.latency).toBeNull()
    expect(config.health.tolerances[0]).toMatchObject({ degraded: 0.01, failing: 0.2, text: '5XX' })
    expect(config.health.tolerances[0]?.codes.test('503')).toBe(true)
    expect(config.health.tolerances[0]?.codes.test('5030')).toBe(false)
  })

  it('takes objectives of services', () => {
    const yaml = 'objectives: [{ namespace: shop, name: cart, availability: 99.5, window: 7d }]'
    const config = readConfig({ PROMETHEUS_URL, HEDDLE_CONFIG: 'heddle.yaml' }, file(yaml))
    expect(config.objectives).toMatchObject([
      { name: 'cart', objectives: [{ kind: 'availability', target: 0.995, windowSeconds: 604_800 }] },
    ])
  })

  it('of the environment wins over the file', () => {
    const config = readConfig(
      { PROMETHEUS_URL, HEDDLE_CONFIG: 'heddle.yaml', HEDDLE_READ_ONLY: 'false' },
      file('readOnly: true\nprometheus: { url: "http://other:9090" }'),
    )
    expect(config.readOnly).toBe(false)
    expect(config.prometheus.url).toBe(PROMETHEUS_URL)
  })

  it('with the control address of the embedded mesh is the embedded mode', () => {
    const config = readConfig({ PROMETHEUS_URL, HEDDLE_DEMO_CONTROL_URL: 'http://127.0.0.1:1' }, noFiles)
    expect(config.mode).toBe('embedded')
  })

  it.each([
    ['PROMETHEUS_URL', {}, 'is not set'],
    ['PROMETHEUS_URL', { PROMETHEUS_URL: 'prometheus:9090' }, 'http or https'],
    ['PROMETHEUS_URL', { PROMETHEUS_URL: 'not an address' }, 'is no address'],
    ['PROMETHEUS_URL', { PROMETHEUS_URL: 'http://ada:100%secret@prometheus:9090' }, '%25'],
    ['PROMETHEUS_HEADERS', { PROMETHEUS_URL, PROMETHEUS_HEADERS: 'Bearer secret' }, 'is no JSON'],
    ['PROMETHEUS_HEADERS', { PROMETHEUS_URL, PROMETHEUS_HEADERS: '["secret"]' }, 'JSON object'],
    ['PROMETHEUS_HEADERS', { PROMETHEUS_URL, PROMETHEUS_HEADERS: '{"a":"b\\nsecret"}' }, 'JSON object'],
    ['JAEGER_URL', { PROMETHEUS_URL, JAEGER_URL: 'ftp://jaeger' }, 'http or https'],
    ['ALERTMANAGER_URL', { PROMETHEUS_URL, ALERTMANAGER_URL: 'alertmanager:9093' }, 'http or https'],
    ['ALERTMANAGER_URL', { PROMETHEUS_URL, ALERTMANAGER_URL: 'nowhere' }, 'is no address'],
    ['TEMPO_URL', { PROMETHEUS_URL, TEMPO_URL: 'tempo:3200' }, 'http or https'],
    [
      'TEMPO_HEADERS',
      { PROMETHEUS_URL, TEMPO_URL: 'http://tempo:3200', TEMPO_HEADERS: 'secret' },
      'is no JSON',
    ],
    ['TEMPO_URL', { PROMETHEUS_URL, TEMPO_URL: 'http://t', JAEGER_URL: 'http://j' }, 'from one store'],
    ['KUBECONFIG', { PROMETHEUS_URL, KUBECONFIG: '/nowhere/kubeconfig' }, '/nowhere/kubeconfig'],
    ['HEDDLE_CONFIG', { PROMETHEUS_URL, HEDDLE_CONFIG: '/nowhere.yaml' }, 'cannot be read'],
    ['HEDDLE_AUTH', { PROMETHEUS_URL, HEDDLE_AUTH: 'oidc' }, 'cannot do yet'],
    ['HEDDLE_AUTH', { PROMETHEUS_URL, HEDDLE_AUTH: 'none' }, 'must be one of'],
    ['HEDDLE_READ_ONLY', { PROMETHEUS_URL, HEDDLE_READ_ONLY: 'maybe' }, 'must be one of'],
    ['LOG_LEVEL', { PROMETHEUS_URL, LOG_LEVEL: 'loud' }, 'must be one of'],
  ] as const)('with a bad %s (%j) says so with an example', (variable, env, problem) => {
    const message = messageOf(() => readConfig(env, noFiles))
    expect(message).toContain(variable)
    expect(message).toContain(problem)
    expect(message.match(/for example/gi), message).toHaveLength(1)
    expect(message).not.toContain('secret')
  })

  it.each([
    ['a: [', 'no YAML'],
    // the parser ends its line with a colon, for the lines it draws below
    ['a: [1, 2', 'at line 1, column 9. For example'],
    ['refresh: { lagSeconds: soon }', 'refresh.lagSeconds'],
    ['prometheus: { ulr: "http://x" }', 'prometheus'],
    ['health: { tolerances: [{ codes: "(", degraded: 0, failing: 1 }] }', 'health.tolerances.0.codes'],
    ['clusters: [{ name: east, kubeconfig: /nowhere }]', '/nowhere'],
    ['objectives: [{ namespace: shop, name: cart, availability: 100 }]', 'objectives.0.availability: is 100'],
    ['objectives: [{ namespace: shop, name: cart, latency: fast }]', '99% < 500ms'],
  ])('with the file %j names the place', (text, place) => {
    const env = { PROMETHEUS_URL, HEDDLE_CONFIG: 'heddle.yaml' }
    expect(messageOf(() => readConfig(env, file(text)))).toContain(place)
  })
})

function messageOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof Error && error.name === 'ConfigError') return error.message
    throw error
  }
  throw new Error('it was accepted')
}
