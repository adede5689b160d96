import type { Scenario } from './scenario'
import { faultKey, findService, servicesByCallers, workloadsOf } from './targets'

export const slowLeaf: Scenario = {
  name: 'slow-leaf',
  title: 'Slow leaf',
  description:
    'A service at the end of the call chain answers hundreds of times slower, so everything above it slows ' +
    'down and tries are cut by their timeouts. In Bookinfo it is ratings.',
  start({ world, engine }) {
    const leaf =
      findService(world, 'bookinfo/ratings') ?? servicesByCallers(world).find(({ isLeaf }) => isLeaf)?.service
    if (leaf === undefined) return () => {}
    const slow = workloadsOf(world, leaf).map((workload) => {
      const median = Math.max(0.5, workload.endpoints[0]?.latencyMs.median ?? 1)
      return [faultKey(workload), { latencyFactor: 1_500 / median }] as const
    })
    engine.setFaults('slow-leaf', new Map(slow))
    return () => engine.clearFaults('slow-leaf')
  },
}
