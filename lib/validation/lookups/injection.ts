/**
 * Which namespaces and pods are in the mesh. Rules: istio/istio pkg/config/analysis/analyzers/util/in_mesh.go
 */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { annotationsOf, asFields, asText, isFields, items, labelsOf, specOf, type Fields } from '../read'
import { namespaceOf, type World } from '../world'
import { CONFIG_MAP, NAMESPACE } from './kinds'
import type { Labels } from './selectors'

export const INJECTION = 'istio-injection'
export const REVISION = 'istio.io/rev'
export const DATA_PLANE = 'istio.io/dataplane-mode'
export const INJECT = 'sidecar.istio.io/inject'
export const PROXY = 'istio-proxy'

/** Namespaces no mesh touches; istiod's injector leaves them alone too. */
const SYSTEM = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'])

export function isSystemNamespace(name: string): boolean {
  return SYSTEM.has(name)
}

/** True for the mesh's own parts: they follow other rules than applications. */
export function isControlPlane(object: ConfigObject): boolean {
  const labels = labelsOf(object)
  return labels.istio !== undefined || labels.release === 'istio'
}

/** All containers of a pod's spec, with where they stand; native sidecars are init containers. */
export function containersOf(spec: Fields): { container: Fields; field: string; index: number }[] {
  return ['containers', 'initContainers'].flatMap((field) =>
    items(spec[field]).map(([container, index]) => ({ container, field, index })),
  )
}

/** Of specs: they stay while other objects are edited, and every pod is asked again after an edit of one. */
const images = new WeakMap<Fields, string>()

/** The proxy's image in a pod's spec; empty where there is no proxy. */
export function proxyImage(spec: Fields): string {
  const known = images.get(spec)
  if (known !== undefined) return known
  const proxy = containersOf(spec).find(({ container }) => container.name === PROXY)
  const image = asText(proxy?.container.image)
  images.set(spec, image)
  return image
}

function isInMesh(
  world: World,
  spec: Fields,
  labels: Labels,
  annotations: Labels,
  namespace: string,
): boolean {
  if (proxyImage(spec) !== '') return true
  const choice = labels[INJECT] ?? annotations[INJECT]
  if (choice !== undefined) return choice === 'true'
  const owner = world.find(NAMESPACE, '', namespace)
  return owner !== undefined && labelsOf(owner)[INJECTION] === 'enabled'
}

/** True when a pod has a sidecar, or will get one. */
export function isPodInMesh(world: World, pod: ConfigObject): boolean {
  return isInMesh(world, specOf(pod), labelsOf(pod), annotationsOf(pod), namespaceOf(pod))
}

/** The pod template of a Deployment. */
export function templateOf(deployment: ConfigObject): { spec: Fields; labels: Labels; annotations: Labels } {
  const template = asFields(specOf(deployment).template)
  const metadata = asFields(template.metadata)
  const texts = (value: unknown): Labels => (isFields(value) ? (value as Labels) : {})
  return {
    spec: asFields(template.spec),
    labels: texts(metadata.labels),
    annotations: texts(metadata.annotations),
  }
}

/** True when a Deployment's pods have a sidecar, or will get one. */
export function isDeploymentInMesh(world: World, deployment: ConfigObject): boolean {
  const { spec, labels, annotations } = templateOf(deployment)
  return isInMesh(world, spec, labels, annotations, namespaceOf(deployment))
}

/** True when the node's proxy takes the pod's traffic. */
export function isPodAmbient(pod: ConfigObject): boolean {
  return annotationsOf(pod)['ambient.istio.io/redirection'] === 'enabled'
}

/** True when a namespace is labelled for ambient mode and not for sidecars. */
export function isNamespaceAmbient(namespace: ConfigObject | undefined): boolean {
  const labels = namespace ? labelsOf(namespace) : {}
  return labels[INJECTION] !== 'enabled' && !labels[REVISION] && labels[DATA_PLANE] === 'ambient'
}

/** The `values` of the injector of a revision (empty: the default one); undefined when they cannot be read. */
export function injectorValues(world: World, revision: string): Fields | undefined {
  return world.derive(indexInjectors).get(revision === '' ? 'default' : revision)
}

const INJECTOR = 'istio-sidecar-injector'

/** Injector settings by revision. */
function indexInjectors(world: World): ReadonlyMap<string, Fields> {
  const byRevision = new Map<string, Fields>()
  for (const map of world.list(CONFIG_MAP)) {
    const { name } = map.metadata
    if (name !== INJECTOR && !name.startsWith(`${INJECTOR}-`)) continue
    try {
      const values: unknown = JSON.parse(asText(asFields(map.data).values))
      if (isFields(values)) byRevision.set(name.slice(INJECTOR.length + 1) || 'default', values)
    } catch {
      // values that are no JSON are the installation's trouble; rules about them stay silent
    }
  }
  return byRevision
}
