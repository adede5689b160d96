import type { KubernetesObject } from '@/lib/demo/model'
import { asNumber, asRecord, asRecords, asText } from '../json'
import { timestamp } from '../object-store'
import type { ObjectStore } from '../object-store'

const KUBELET_VERSION = 'v1.34.1'
const NODE_COUNT = 3
/** Proxy version where no istiod says otherwise. */
const PROXY_VERSION = '1.29.2'

/** The cluster's nodes. When there are none, as many are made as its DaemonSets say they run on, or three. */
export function ensureNodes(store: ObjectStore, nowMs: number): readonly KubernetesObject[] {
  if (store.list('Node').length === 0) {
    const since = oldest(store) ?? timestamp(nowMs)
    const covered = store
      .list('DaemonSet')
      .map((set) => asNumber(asRecord(set.status).desiredNumberScheduled, 0))
    const count = Math.max(0, ...covered) || NODE_COUNT
    for (let index = 0; index < count; index += 1) store.create(node(`node-${index + 1}`, index, since))
  }
  return store.list('Node')
}

/** Every namespace has a service account `default`. */
export function ensureServiceAccount(store: ObjectStore, namespace: KubernetesObject): void {
  const ref = { kind: 'ServiceAccount', group: '', namespace: namespace.metadata.name, name: 'default' }
  if (namespace.metadata.deletionTimestamp !== undefined || store.get(ref) !== undefined) return
  store.create({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name: 'default',
      namespace: namespace.metadata.name,
      creationTimestamp: namespace.metadata.creationTimestamp,
    },
  })
}

/** Version of the proxies: that of istiod's image. */
export function proxyVersion(store: ObjectStore): string {
  for (const deployment of store.list('Deployment')) {
    const spec = asRecord(asRecord(asRecord(deployment.spec).template).spec)
    for (const container of asRecords(spec.containers)) {
      const version = /\/pilot:([\w.-]+)$/.exec(asText(container.image))?.[1]
      if (version !== undefined) return version
    }
  }
  return PROXY_VERSION
}

export function nodeAddress(node: KubernetesObject | undefined): string {
  const addresses = asRecords(asRecord(node?.status).addresses)
  return asText(addresses.find((address) => address.type === 'InternalIP')?.address) || '172.18.0.2'
}

function oldest(store: ObjectStore): string | undefined {
  let found: string | undefined
  for (const namespace of store.list('Namespace')) {
    const created = namespace.metadata.creationTimestamp
    if (created !== undefined && (found === undefined || created < found)) found = created
  }
  return found
}

function node(name: string, index: number, since: string): KubernetesObject {
  const resources = { cpu: '16', memory: '65536Mi', pods: '250', 'ephemeral-storage': '256Gi' }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/region': 'region-1',
        'topology.kubernetes.io/zone': `zone-${'abc'[index % 3]}`,
      },
      creationTimestamp: since,
    },
    spec: { podCIDR: `10.${128 + (index % 64)}.0.0/16` },
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: 'InternalIP', address: `172.18.0.${index + 2}` },
        { type: 'Hostname', address: name },
      ],
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          message: 'kubelet is posting ready status',
          lastHeartbeatTime: since,
          lastTransitionTime: since,
        },
      ],
      nodeInfo: {
        architecture: 'amd64',
        containerRuntimeVersion: 'containerd://2.1.4',
        kernelVersion: '6.12.0',
        kubeletVersion: KUBELET_VERSION,
        kubeProxyVersion: KUBELET_VERSION,
        operatingSystem: 'linux',
        osImage: 'Debian GNU/Linux 13 (trixie)',
        machineID: '',
        systemUUID: '',
        bootID: '',
      },
    },
  }
}
