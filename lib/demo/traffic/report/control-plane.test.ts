import { describe, expect, it } from 'vitest'
import {
  Measured,
  NOON,
  TestConfig,
  object,
  run,
  smallWorld,
  virtualService,
  workload,
} from '../testing/small-world'
import { createControlPlane } from './control-plane'

const world = smallWorld({
  workloads: [
    workload('shop/loader'),
    workload('shop/front', { replicas: 3 }),
    workload('istio-system/istiod', { role: 'istiod', dataPlane: 'none', endpoints: [] }),
  ],
  services: { 'shop/front': 'http' },
  entries: [{ from: 'shop/loader', to: 'shop/front' }],
  objects: [
    object('Deployment istio-system/istiod', {
      replicas: 1,
      template: { spec: { containers: [{ image: 'docker.io/istio/pilot:1.28.4-distroless' }] } },
    }),
    ...['loader', 'front'].map((name) =>
      object(`Deployment shop/${name}`, {
        replicas: name === 'front' ? 3 : 1,
        template: { metadata: { labels: { app: name } } },
      }),
    ),
  ],
})

function measured(seconds: number, change?: (config: TestConfig) => void) {
  const config = new TestConfig(world.objects)
  const metrics = new Measured()
  const { engine } = run(world, 50)
  const plane = createControlPlane({ metrics, config, seed: 1, handled: (id) => engine.takeHandled(id) })
  for (let at = 0; at < seconds; at += 5) {
    if (at === 10) change?.(config)
    plane.measure(engine.mesh(), NOON + at * 1000, NOON + (at + 5) * 1000)
  }
  const gauge = (name: string) => metrics.gauges.find((one) => one.name === name)
  return { metrics, gauge }
}

describe('control plane metrics', () => {
  it('say how many proxies are connected, and the version of istiod by its image', () => {
    const { gauge } = measured(5)
    expect(gauge('pilot_xds')?.value).toBe(4)
    expect(gauge('pilot_xds')?.labels.version).toBe('1.28.4')
    expect(gauge('citadel_server_root_cert_expiry_timestamp')?.value).toBeGreaterThan(NOON / 1000)
  })

  it('count validations and pushes when configuration is written', () => {
    const quiet = measured(60).metrics
    const { metrics } = measured(60, (config) =>
      config.put(virtualService('shop/front', { hosts: ['front'] })),
    )
    expect(quiet.sum('galley_validation_passed')).toBe(0)
    expect(metrics.sum('galley_validation_passed', { resource: 'virtualservices' })).toBe(1)
    expect(metrics.sum('pilot_xds_pushes', { type: 'rds' })).toBe(4)
    expect(quiet.sum('pilot_xds_pushes', { type: 'rds' })).toBe(0)
  })

  it('measure what proxies cost by what they handle', () => {
    const { metrics, gauge } = measured(5)
    const cpu = (pod: string) =>
      metrics.counters.find(
        (one) => one.name === 'container_cpu_usage_seconds_total' && one.labels.pod?.startsWith(pod),
      )?.value ?? 0
    // 5,000 requests at a third of a millisecond
    expect(cpu('front')).toBeGreaterThan(1)
    expect(cpu('istiod')).toBe(0)
    expect(gauge('container_memory_working_set_bytes')?.value).toBeGreaterThan(40_000_000)
  })
})
