import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { containersOf, INJECTION, injectorValues, PROXY, REVISION } from '@/lib/validation/lookups/injection'
import { NAMESPACE, POD, PROXY_CONFIG } from '@/lib/validation/lookups/kinds'
import { selects } from '@/lib/validation/lookups/selectors'
import {
  annotationsOf,
  asFields,
  asText,
  asTextMap,
  labelsOf,
  listed,
  specOf,
  type Fields,
} from '@/lib/validation/read'
import type { World } from '@/lib/validation/world'
import { readYaml } from '@/lib/validation/yaml'

/** Proxies that run another image than the injector gives today: pods not restarted after an upgrade. */
export const proxyImages: Checker = {
  codes: { IST0158: 'warning' },
  check(world, report) {
    world.each(NAMESPACE, (namespace) => {
      const labels = labelsOf(namespace)
      const revision = labels[REVISION]
      if (revision === undefined && labels[INJECTION] !== 'enabled') return
      const values = injectorValues(world, revision ?? '')
      if (!values) return
      const image = imageOf(values)
      const outdated: string[] = []
      for (const pod of world.inNamespace(POD, namespace.metadata.name)) {
        // an image chosen for the pod overrides the injector's
        if (annotationsOf(pod)['sidecar.istio.io/proxyImage']) continue
        const proxy = containersOf(specOf(pod)).find(({ container }) => container.name === PROXY)
        if (!proxy) continue
        const running = asText(proxy.container.image)
        if (running !== image && running !== `${image}-${variantOf(world, pod)}`)
          outdated.push(pod.metadata.name)
      }
      if (outdated.length === 0) return
      const message = `${outdated.length} pods run another proxy than the injector's ${image}: ${listed(outdated.sort())}. Restart them to bring them up to date.`
      report('IST0158', namespace, ['metadata', 'name'], message)
    })
  },
}

function imageOf(values: Fields): string {
  const { hub, tag, proxy } = asFields(values.global)
  const image = asText(asFields(proxy).image)
  const version = typeof tag === 'number' ? String(tag) : asText(tag)
  return image.includes('/') ? image : `${asText(hub)}/${image}:${version}`
}

/** The image type (`distroless`…) that settings choose for a pod, the narrowest winning; empty for the default. */
function variantOf(world: World, pod: ConfigObject): string {
  const { rootNamespace, raw } = world.mesh
  const namespace = pod.metadata.namespace ?? ''
  const typeOf = (config: unknown) => asText(asFields(asFields(config).image).imageType)
  let variant = typeOf(raw.defaultConfig)
  const configs = world.inNamespace(PROXY_CONFIG, rootNamespace)
  const own = namespace === rootNamespace ? [] : world.inNamespace(PROXY_CONFIG, namespace)
  for (const config of configs) variant = typeOf(config.spec) || variant
  for (const hasSelector of [false, true]) {
    for (const config of own) {
      const { selector } = specOf(config)
      if ((selector !== undefined) !== hasSelector) continue
      const isChosen = !hasSelector || selects(asTextMap(asFields(selector).matchLabels), labelsOf(pod))
      if (isChosen) variant = typeOf(config.spec) || variant
    }
  }
  const annotation = annotationsOf(pod)['proxy.istio.io/config']
  if (annotation !== undefined) {
    const read = readYaml(annotation)
    if ('value' in read) variant = typeOf(read.value) || variant
  }
  return variant === 'default' ? '' : variant
}
