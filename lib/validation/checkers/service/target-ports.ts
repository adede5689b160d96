import type { Checker } from '@/lib/validation/finding'
import { templateOf } from '@/lib/validation/lookups/injection'
import { SERVICE } from '@/lib/validation/lookups/kinds'
import { workloadsWith } from '@/lib/validation/lookups/workloads'
import { asText, asTextMap, findNumber, items, listed, specOf } from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'

/**
 * Target ports of a service are ports its workloads expose. Containers that declare no port at all are passed over:
 * declaring numbers is optional, and the kernel does not mind.
 */
export const targetPorts: Checker = {
  codes: { KIA0701: 'warning' },
  check(world, report) {
    world.each(SERVICE, (object) => {
      const selector = asTextMap(specOf(object).selector)
      if (Object.keys(selector).length === 0) return
      const exposed = workloadsWith(world, selector, namespaceOf(object)).flatMap((workload) =>
        items(templateOf(workload).spec.containers).flatMap(([container]) =>
          items(container.ports).map(([port]) => port),
        ),
      )
      if (exposed.length === 0) return
      for (const [port, index] of items(specOf(object).ports)) {
        const target = port.targetPort ?? port.port
        const number = findNumber(target)
        const isThere = exposed.some((one) =>
          number === undefined ? asText(one.name) === target : findNumber(one.containerPort) === number,
        )
        if (isThere) continue
        const has = listed([...new Set(exposed.map((one) => String(findNumber(one.containerPort) ?? '')))])
        const message = `The target port ${number ?? asText(target)} is exposed by no container behind the service; they have ${has}. Correct targetPort, or declare the port.`
        report('KIA0701', object, ['spec', 'ports', index, 'targetPort'], message)
      }
    })
  },
}
