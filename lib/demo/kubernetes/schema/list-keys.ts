/**
 * Lists of Kubernetes' API whose items are merged by a key rather than replaced as a whole. The packages the
 * schemas come from do not say so; this is the part of Kubernetes' OpenAPI (x-kubernetes-patch-merge-key,
 * x-kubernetes-list-map-keys) that strategic merge and server-side apply need for the kinds served here.
 */
export interface ListKey {
  /** strategic merge patch: the one field that identifies an item */
  merge?: string
  /** server-side apply: the fields that together identify an item; left out for a set of plain values */
  map?: readonly string[]
  /** fields the patch does not name are dropped */
  retainKeys?: boolean
}

const byName: ListKey = { merge: 'name', map: ['name'] }
const byType: ListKey = { merge: 'type', map: ['type'] }
const byIp: ListKey = { merge: 'ip', map: ['ip'] }

/** By `Definition.field`; `*` stands for every definition, and custom kinds spell the path from their kind. */
export const LIST_KEYS: Readonly<Record<string, ListKey>> = {
  'ObjectMeta.finalizers': {},
  'ObjectMeta.ownerReferences': { merge: 'uid', map: ['uid'] },
  'PodSpec.containers': byName,
  'PodSpec.initContainers': byName,
  'PodSpec.ephemeralContainers': byName,
  'PodSpec.volumes': { ...byName, retainKeys: true },
  'PodSpec.imagePullSecrets': byName,
  'PodSpec.hostAliases': byIp,
  'PodSpec.schedulingGates': byName,
  'PodSpec.resourceClaims': { ...byName, retainKeys: true },
  'PodSpec.topologySpreadConstraints': { merge: 'topologyKey', map: ['topologyKey', 'whenUnsatisfiable'] },
  'Container.env': byName,
  'Container.ports': { merge: 'containerPort', map: ['containerPort', 'protocol'] },
  'Container.volumeMounts': { merge: 'mountPath', map: ['mountPath'] },
  'Container.volumeDevices': { merge: 'devicePath', map: ['devicePath'] },
  'ServiceSpec.ports': { merge: 'port', map: ['port', 'protocol'] },
  'ServiceAccount.secrets': byName,
  'DeploymentSpec.strategy': { retainKeys: true },
  'NodeSpec.podCIDRs': {},
  'NodeStatus.addresses': byType,
  'PodStatus.podIPs': byIp,
  'PodStatus.hostIPs': byIp,
  '*.conditions': byType,
  'MutatingWebhookConfiguration.webhooks': byName,
  'ValidatingWebhookConfiguration.webhooks': byName,
  'Gateway.spec.listeners': byName,
  'Gateway.status.listeners': byName,
}
