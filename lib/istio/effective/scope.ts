/** Whose proxies know a host at all: Sidecar objects keep hosts from their callers. */
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { asFields, asText, specOf } from '@/lib/validation/read'
import { isImported } from '../egress-hosts'
import { readObjects, type Read } from '../objects'
import type { SidecarSpec } from '../schemas/networking'
import { labelWords } from './action'
import { line, nameOf, warning, type StoryLine } from './story'

const MOST = 8

/** `namespace` is the service's; null for an outside host, which any namespace may import. */
export function scopeLines(index: InventoryIndex, host: string, namespace: string | null): StoryLine[] {
  const ignorant = readObjects(index).sidecars.filter(
    ({ spec, namespace: own }) =>
      spec.egress !== undefined &&
      !isImported(
        spec.egress.flatMap(({ hosts }) => hosts),
        own,
        { host, namespace },
      ),
  )
  const service = namespace === null ? undefined : index.services.get(`${namespace}/${host.split('.')[0]}`)
  const exportTo = service?.annotations['networking.istio.io/exportTo']
  const lines: StoryLine[] = []
  if (exportTo !== undefined && exportTo !== '*') {
    lines.push(
      line(
        `only callers in ${exportTo === '.' ? namespace : exportTo} know this service (networking.istio.io/exportTo)`,
      ),
    )
  }
  for (const sidecar of ignorant.slice(0, MOST)) {
    lines.push(
      warning(`${whose(sidecar, index)} do not have it in scope: ${unknownHost(sidecar, index)}`, {
        object: nameOf(sidecar.object),
      }),
    )
  }
  if (ignorant.length > MOST)
    lines.push(warning(`and ${ignorant.length - MOST} more Sidecar objects like these`))
  lines.push(
    ignorant.length === 0 && exportTo === undefined
      ? line('every proxy of the mesh knows this host')
      : line('all other proxies know it'),
    line('callers without a proxy reach a pod directly: none of the rules of routing holds for them'),
  )
  return lines
}

function whose({ spec, namespace, name }: Read<SidecarSpec>, index: InventoryIndex): string {
  const labels = spec.workloadSelector?.labels ?? {}
  const by = ` (Sidecar ${namespace}/${name})`
  if (Object.keys(labels).length > 0) return `callers with ${labelWords(labels)} in ${namespace}${by}`
  return namespace === index.inventory.rootNamespace
    ? `callers in namespaces without a Sidecar of their own${by}`
    : `callers in ${namespace}${by}`
}

function unknownHost(sidecar: Read<SidecarSpec>, index: InventoryIndex): string {
  const own = asText(asFields(specOf(sidecar.object).outboundTrafficPolicy).mode)
  const mesh = asText(asFields(index.inventory.meshConfig?.outboundTrafficPolicy).mode)
  return (own || mesh || 'ALLOW_ANY') === 'REGISTRY_ONLY'
    ? 'their requests are cut off with 502 (BlackHoleCluster)'
    : 'their requests go out as to a stranger, past the rules below (PassthroughCluster)'
}
