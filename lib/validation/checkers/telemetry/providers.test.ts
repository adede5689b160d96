import { checks, telemetry } from '@/tests/support/checkers/checks'
import { telemetryProviders } from './providers'

const traced = telemetry('shop/x', { tracing: [{ providers: [{ name: 'other' }, { name: 'old' }] }] })
const logged = (entry: object) => telemetry('shop/x', { accessLogging: [entry] })

checks(telemetryProviders, {
  IST0002: {
    fires: {
      'a provider of the kind lightstep': {
        objects: [traced],
        mesh: {
          extensionProviders: [
            { name: 'old', lightstep: {} },
            { name: 'other', zipkin: {} },
          ],
        },
        at: ['Telemetry shop/x spec.tracing[0].providers[1].name'],
      },
    },
    silent: {
      others: { objects: [traced], mesh: { extensionProviders: [{ name: 'old', opentelemetry: {} }] } },
    },
  },
  IST0157: {
    fires: {
      'no provider and no default': { objects: [logged({})], at: ['Telemetry shop/x spec.accessLogging[0]'] },
    },
    silent: {
      'a provider': { objects: [logged({ providers: [{ name: 'envoy' }] })] },
      'logging switched off': { objects: [logged({ disabled: true })] },
      'a default of the mesh': {
        objects: [logged({})],
        mesh: { defaultProviders: { accessLogging: ['envoy'] } },
      },
    },
  },
})
