/** The alerts we ship: valid for a real Prometheus, and right about made-up series, as promtool sees them. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { isPrometheusLeftOut } from '../support/prometheus/prometheus-process'

const run = promisify(execFile)
const RULES = resolve('deploy/prometheus/heddle-alerts.yml')
const CALL =
  'reporter="source", destination_service_namespace="shop", destination_service_name="cart", source_workload="web"'

/** 30 minutes of a point a minute; `perMinute` more each. */
const counter = (labels: string, perMinute: number, name = 'istio_requests_total') => ({
  series: `${name}{${labels}}`,
  values: `0+${perMinute}x30`,
})
const istiod = { series: 'pilot_xds{namespace="istio-system", pod="istiod-a"}', values: '40x30' }

const bucket = (le: string, perMinute: number) =>
  counter(`${CALL}, le="${le}"`, perMinute, 'istio_request_duration_milliseconds_bucket')

function fires(name: string, minutes: number, input: object[], labels: object | null) {
  return {
    interval: '1m',
    input_series: [istiod, ...input],
    alert_rule_test: [
      {
        eval_time: `${minutes}m`,
        alertname: name,
        exp_alerts: labels === null ? [] : [{ exp_labels: labels }],
      },
    ],
  }
}

describe.skipIf(isPrometheusLeftOut)('the alerts we ship', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heddle-alerts-'))
  })

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  it('pass promtool', async () => {
    const { stdout } = await run('promtool', ['check', 'rules', RULES])
    expect(stdout).toContain('SUCCESS')
  })

  const service = { destination_service_namespace: 'shop', destination_service_name: 'cart' }
  const errors = (failed: number) => [
    counter(`${CALL}, response_code="200"`, 100 - failed),
    counter(`${CALL}, response_code="503"`, failed),
  ]
  const slow = (above: number) => [bucket('500', 100 - above), bucket('2500', 100), bucket('+Inf', 100)]

  it.each([
    ['5 % of failures are borne', fires('MeshServiceErrors', 20, errors(5), null)],
    ['more are not', fires('MeshServiceErrors', 20, errors(6), { severity: 'critical', ...service })],
    ['but for five minutes', fires('MeshServiceErrors', 4, errors(50), null)],
    ['P99 below a second is borne', fires('MeshServiceSlow', 20, slow(1), null)],
    ['above it is not', fires('MeshServiceSlow', 20, slow(5), { severity: 'warning', ...service })],
    [
      'requests nobody answers',
      fires('MeshServiceUnreachable', 20, [counter(`${CALL}, response_flags="UH"`, 60)], {
        severity: 'critical',
        ...service,
      }),
    ],
    [
      'what is not registered outside',
      fires(
        'MeshTrafficBlocked',
        20,
        [
          counter(
            'reporter="source", source_workload="web", source_workload_namespace="shop", destination_service_name="BlackHoleCluster"',
            60,
          ),
        ],
        { severity: 'warning', source_workload: 'web', source_workload_namespace: 'shop' },
      ),
    ],
  ])('%s', async (_, test) => {
    const file = join(folder, 'test.yml')
    await writeFile(
      file,
      stringify({ rule_files: [await withoutWords(folder)], evaluation_interval: '1m', tests: [test] }),
    )
    await run('promtool', ['test', 'rules', file])
  })
})

/** Who is meant, and when: the words are checked on the embedded mesh. */
async function withoutWords(folder: string): Promise<string> {
  const file = parse(await readFile(RULES, 'utf8')) as { groups: { rules: { annotations?: object }[] }[] }
  for (const { rules } of file.groups) for (const rule of rules) delete rule.annotations
  const path = join(folder, 'rules.yml')
  await writeFile(path, stringify(file))
  return path
}
