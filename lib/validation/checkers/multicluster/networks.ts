import type { Checker } from '@/lib/validation/finding'
import { CONFIG_MAP, SECRET } from '@/lib/validation/lookups/kinds'
import { asFields, asText, items, labelsOf } from '@/lib/validation/read'
import { readYaml } from '@/lib/validation/yaml'

const KNOWN = ['Mock', 'Kubernetes', 'External']

/** Networks of the mesh whose endpoints come from a cluster that istiod has no secret for. */
export const networks: Checker = {
  codes: { IST0126: 'error' },
  check(world, report) {
    const map = world.find(CONFIG_MAP, world.mesh.rootNamespace, 'istio')
    const text = asText(asFields(map?.data).meshNetworks)
    if (!map || text === '') return
    const networks = readYaml(text)
    if ('problem' in networks) return
    // istiod's own cluster needs no secret; where Heddle reads it, its name is known
    const registries = new Set([...KNOWN, world.clusterOf(map)])
    for (const secret of world.list(SECRET)) {
      if (labelsOf(secret)['istio/multiCluster'] !== 'true') continue
      for (const name of [
        ...Object.keys(asFields(secret.data)),
        ...Object.keys(asFields(secret.stringData)),
      ]) {
        registries.add(name)
      }
    }
    const parsed = asFields(networks.value)
    for (const [network, settings] of Object.entries(asFields(parsed.networks))) {
      for (const [endpoint] of items(asFields(settings).endpoints)) {
        const registry = asText(endpoint.fromRegistry)
        if (registry === '' || registries.has(registry)) continue
        const message = `The network ${network} takes endpoints from the cluster ${registry}, but there is no remote secret of that name. Create it, or correct fromRegistry.`
        report('IST0126', map, ['data', 'meshNetworks'], message)
      }
    }
  },
}
