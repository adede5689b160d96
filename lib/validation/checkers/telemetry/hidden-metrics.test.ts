import { checks, telemetry } from '@/tests/support/checkers/checks'
import { hiddenMetrics } from './hidden-metrics'

const override = (...overrides: object[]) => telemetry('istio-system/mesh', { metrics: [{ overrides }] })

checks(hiddenMetrics, {
  HED0010: {
    fires: {
      'requests switched off': {
        objects: [override({ match: { metric: 'REQUEST_COUNT' }, disabled: true })],
        at: ['Telemetry istio-system/mesh spec.metrics[0].overrides[0].disabled'],
      },
      'everything switched off on one side': {
        objects: [override({ match: { mode: 'CLIENT' }, disabled: true })],
        at: ['Telemetry istio-system/mesh spec.metrics[0].overrides[0].disabled'],
      },
      'labels removed or written over': {
        objects: [
          override({
            tagOverrides: {
              source_workload: { operation: 'REMOVE' },
              response_code: { value: '"2xx"' },
              request_host: { operation: 'REMOVE' },
            },
          }),
        ],
        at: ['source_workload', 'response_code'].map(
          (tag) => `Telemetry istio-system/mesh spec.metrics[0].overrides[0].tagOverrides.${tag}`,
        ),
      },
    },
    silent: {
      'a metric Heddle does not read': {
        objects: [override({ match: { metric: 'REQUEST_SIZE' }, disabled: true })],
      },
      'another provider': {
        objects: [
          telemetry('shop/t', {
            metrics: [{ providers: [{ name: 'stackdriver' }], overrides: [{ disabled: true }] }],
          }),
        ],
      },
      'labels added, and one removed from a metric that does not need it': {
        objects: [
          override(
            { tagOverrides: { request_host: { value: 'request.host' } } },
            {
              match: { metric: 'REQUEST_DURATION' },
              tagOverrides: { response_flags: { operation: 'REMOVE' } },
            },
          ),
        ],
      },
    },
  },
})
