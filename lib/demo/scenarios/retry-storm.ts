import { add, all, change } from './change'
import type { Scenario } from './scenario'
import { faultKey, findService, servicesByCallers, workloadsOf } from './targets'

const RETRIES = {
  attempts: 6,
  perTryTimeout: '2s',
  retryOn: '5xx,gateway-error,reset,connect-failure,unavailable,internal',
}

export const retryStorm: Scenario = {
  name: 'retry-storm',
  title: 'Retry storm',
  description:
    'A service fails more than half of its requests, and its callers are set to try six times more: they ' +
    'multiply its load while it is down. In the boutique it is cartservice; look at what the callee ' +
    'sees against what its callers send.',
  start(context) {
    const { world, engine } = context
    const service = findService(world, 'boutique/cartservice') ?? servicesByCallers(world)[1]?.service
    if (service === undefined) return () => {}
    const { namespace, name } = service
    const route = {
      route: [{ destination: { host: `${name}.${namespace}.svc.cluster.local` } }],
      retries: RETRIES,
    }
    const ref = { kind: 'VirtualService', group: 'networking.istio.io', namespace, name }
    const undo =
      context.store.get(ref) === undefined
        ? add(context, {
            apiVersion: 'networking.istio.io/v1',
            kind: 'VirtualService',
            metadata: { namespace, name },
            spec: { hosts: [`${name}.${namespace}.svc.cluster.local`], http: [route] },
          })
        : change(context, ref, (object) => ({
            ...object,
            spec: { ...(object.spec as object), http: [route] },
          }))
    engine.setFaults(
      'retry-storm',
      new Map(
        workloadsOf(world, service).map((workload) => [
          faultKey(workload),
          { errorRatio: 0.6, errorStatus: 503, latencyFactor: 6 },
        ]),
      ),
    )
    return all(() => engine.clearFaults('retry-storm'), undo)
  },
}
