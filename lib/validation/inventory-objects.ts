/** A cluster's inventory in the form checkers read: objects as the API server gives them, as far as they are kept. */
import type {
  ClusterInventory,
  ConfigObject,
  NamespaceInventory,
  PodInventory,
  ServiceInventory,
  WorkloadInventory,
} from '@/lib/mesh/inventory'
import { readMeshSettings, type MeshSettings } from './world'

/** One object a record, the same as long as the record is: an incremental analysis tells edits by identity. */
const made = new WeakMap<object, ConfigObject>()

function once<T extends object>(record: T, make: (record: T) => ConfigObject): ConfigObject {
  const known = made.get(record)
  if (known) return known
  const fresh = make(record)
  made.set(record, fresh)
  return fresh
}

/** Everything of a cluster that configuration refers to: namespaces, services, pods, deployments, accounts. */
export function surroundingsOf(inventory: ClusterInventory): ConfigObject[] {
  return [
    ...inventory.namespaces.map((one) => once(one, namespaceObject)),
    ...inventory.services.map((one) => once(one, serviceObject)),
    ...inventory.pods.map((one) => once(one, podObject)),
    ...inventory.workloads.flatMap((one) => (TEMPLATED.has(one.kind) ? [once(one, workloadObject)] : [])),
    ...inventory.serviceAccounts.map((one) => once(one, serviceAccountObject)),
  ]
}

/** All objects of a cluster that checkers read. */
export function objectsOf(inventory: ClusterInventory): ConfigObject[] {
  return [...surroundingsOf(inventory), ...inventory.config]
}

const settings = new WeakMap<ClusterInventory, MeshSettings>()

export function meshSettingsOf(inventory: ClusterInventory): MeshSettings {
  const known = settings.get(inventory)
  if (known) return known
  const fresh = { ...readMeshSettings(inventory.meshConfig), rootNamespace: inventory.rootNamespace }
  settings.set(inventory, fresh)
  return fresh
}

function namespaceObject({ name, labels, annotations }: NamespaceInventory): ConfigObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels, annotations } }
}

function serviceObject(one: ServiceInventory): ConfigObject {
  const { name, namespace, labels, annotations, type, selector, ports } = one
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels, annotations },
    spec: {
      type,
      selector,
      ports: ports.map(withoutNulls),
      ...(one.isHeadless ? { clusterIP: 'None' } : {}),
    },
  }
}

function podObject(one: PodInventory): ConfigObject {
  const { name, namespace, labels, annotations, serviceAccount, containers, phase, ready } = one
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels, annotations },
    spec: {
      serviceAccountName: serviceAccount,
      ...(one.node === null ? {} : { nodeName: one.node }),
      ...(one.hostNetwork ? { hostNetwork: true } : {}),
      ...userOf(one.runAsUser),
      containers: containers.map((container) => ({
        name: container.name,
        image: container.image,
        ...userOf(container.runAsUser),
      })),
    },
    status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  }
}

const TEMPLATED = new Set(['Deployment', 'StatefulSet', 'DaemonSet'])

function workloadObject(one: WorkloadInventory): ConfigObject {
  const { name, namespace, labels, annotations, podLabels, podAnnotations, serviceAccount, replicas } = one
  return {
    apiVersion: 'apps/v1',
    kind: one.kind,
    metadata: { name, namespace, labels, annotations },
    spec: {
      ...(replicas ? { replicas: replicas.desired } : {}),
      template: {
        metadata: { labels: podLabels, annotations: podAnnotations },
        spec: {
          serviceAccountName: serviceAccount,
          ...userOf(one.runAsUser),
          ...(one.containers
            ? {
                containers: one.containers.map(({ name: container, image, ports, env, runAsUser }) => ({
                  name: container,
                  image,
                  ports,
                  ...(env ? { env } : {}),
                  ...userOf(runAsUser),
                })),
              }
            : {}),
        },
      },
    },
  }
}

function serviceAccountObject({ namespace, name }: { namespace: string; name: string }): ConfigObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name } }
}

function userOf(runAsUser: number | undefined): object {
  return runAsUser === undefined ? {} : { securityContext: { runAsUser } }
}

function withoutNulls(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null))
}
