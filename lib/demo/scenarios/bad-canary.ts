import { fields, items, number, text } from '@/lib/demo/traffic/config/read'
import type { KubernetesObject, World } from '@/lib/demo/model'
import { all, change, note } from './change'
import type { Scenario } from './scenario'
import { faultKey, findWorkload, workloadsOf } from './targets'

export const badCanary: Scenario = {
  name: 'bad-canary',
  title: 'Bad canary',
  description:
    'A new version gets 40 % of the traffic and fails one request in six. In Bookinfo it is reviews v3; ' +
    'shift the weight of its virtual service back to end the errors.',
  start(context) {
    const canary = findCanary(context.world, context.store.list('VirtualService'))
    if (canary === undefined) return () => {}
    const { route, subset, workload } = canary
    const ref = { kind: 'VirtualService', group: 'networking.istio.io', ...route }
    const undo = change(context, ref, (object) => shifted(object, subset, 40))
    note(context, ref, {
      type: 'Normal',
      reason: 'CanaryWeightUpdated',
      message: `Weight of subset ${subset} set to 40`,
    })
    context.engine.setFaults(
      'bad-canary',
      new Map([[faultKey(workload), { errorRatio: 1 / 6, errorStatus: 500, latencyFactor: 1.6 }]]),
    )
    return all(() => context.engine.clearFaults('bad-canary'), undo)
  },
}

/** reviews v3, or the newest subset of the first weighted route of another world. */
function findCanary(world: World, routes: readonly KubernetesObject[]) {
  const reviews = findWorkload(world, 'bookinfo/reviews-v3')
  if (reviews !== undefined) {
    return { route: { namespace: 'bookinfo', name: 'reviews' }, subset: 'v3', workload: reviews }
  }
  for (const object of routes) {
    for (const rule of items(fields(object.spec).http)) {
      const last = fields(items(rule.route).at(-1)?.destination)
      const subset = text(last.subset)
      if (items(rule.route).length < 2 || subset === undefined) continue
      const [name, namespace] = (text(last.host) ?? '').split('.')
      const service = world.services.find((own) => own.name === name && own.namespace === namespace)
      const workload =
        service &&
        workloadsOf(world, service).find((one) => one.labels.version === subset || one.version === subset)
      if (workload === undefined) continue
      const route = { namespace: object.metadata.namespace ?? '', name: object.metadata.name }
      return { route, subset, workload }
    }
  }
  return undefined
}

/** Gives a subset this percentage in every rule that splits, and the others the rest in proportion. */
function shifted(object: KubernetesObject, subset: string, percent: number): KubernetesObject {
  const spec = fields(object.spec)
  const http = items(spec.http).map((rule) => {
    const routes = items(rule.route)
    if (routes.length < 2 || !routes.some((one) => fields(one.destination).subset === subset)) return rule
    const others = routes.filter((one) => fields(one.destination).subset !== subset)
    const total = others.reduce((sum, one) => sum + (number(one.weight) ?? 0), 0)
    let left = 100 - percent
    const weights = others.map((one, index) => {
      const isLast = index === others.length - 1
      const even = 1 / others.length
      const share = total > 0 ? (number(one.weight) ?? 0) / total : even
      const weight = isLast ? left : Math.round((100 - percent) * share)
      left -= weight
      return weight
    })
    return {
      ...rule,
      route: routes.map((one) => {
        const at = others.indexOf(one)
        return { ...one, weight: at < 0 ? percent : (weights[at] ?? 0) }
      }),
    }
  })
  return { ...object, spec: { ...spec, http } }
}
