/** Who a scenario happens to: a place of the hand-made world, or one like it in a synthetic mesh. */
import type { EndpointSpec, ServiceSpec, WorkloadSpec, World } from '@/lib/demo/model'

export function findWorkload(world: World, path: string): WorkloadSpec | undefined {
  return world.workloads.find((workload) => `${workload.namespace}/${workload.name}` === path)
}

export function findService(world: World, path: string): ServiceSpec | undefined {
  return world.services.find((service) => `${service.namespace}/${service.name}` === path)
}

/** `cluster/namespace/name`, as the engine names workloads. */
export function faultKey(workload: WorkloadSpec): string {
  return `${workload.cluster}/${workload.namespace}/${workload.name}`
}

export function workloadsOf(world: World, service: ServiceSpec): WorkloadSpec[] {
  return world.workloads.filter(
    (workload) =>
      workload.namespace === service.namespace &&
      Object.entries(service.selector).every(([name, value]) => workload.labels[name] === value),
  )
}

/** Services by how many workloads call them, most first; those of L7 protocols only. */
export function servicesByCallers(
  world: World,
): { service: ServiceSpec; callers: number; isLeaf: boolean }[] {
  const callers = new Map<string, number>()
  for (const workload of world.workloads) {
    const called = new Set(
      workload.endpoints.flatMap((endpoint) =>
        endpoint.calls.flatMap(({ target }) =>
          'host' in target ? [] : [`${target.namespace}/${target.service}`],
        ),
      ),
    )
    for (const path of called) callers.set(path, (callers.get(path) ?? 0) + 1)
  }
  return world.services
    .filter((service) => service.ports.some((port) => port.protocol !== 'tcp'))
    .map((service) => ({
      service,
      callers: callers.get(`${service.namespace}/${service.name}`) ?? 0,
      isLeaf: workloadsOf(world, service).every((workload) => workload.endpoints.every(callsNobody)),
    }))
    .filter(({ callers: count }) => count > 0)
    .sort((a, b) => b.callers - a.callers || (a.service.name < b.service.name ? -1 : 1))
}

function callsNobody(endpoint: EndpointSpec): boolean {
  return endpoint.calls.every(({ target }) => 'host' in target)
}
