import 'server-only'
import { createLimiter } from '@/lib/http/limiter'
import type { KubernetesClient } from '@/lib/kubernetes/client'
import { getObject } from '@/lib/kubernetes/read'
import type { ClusterInventory, ConfigObject } from '@/lib/mesh/inventory'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { TOPOLOGY_LABELS } from '@/lib/validation/checkers/destination-rule/host'
import { READ_DEFINITIONS } from '@/lib/validation/checkers/gateway-api/definitions'
import { meshSettingsOf, objectsOf } from '@/lib/validation/inventory-objects'
import { credentialsOf, factsOf } from '@/lib/validation/lookups/credentials'
import {
  CUSTOM_RESOURCE,
  DESTINATION_RULE,
  GATEWAY,
  K8S_GATEWAY,
  MUTATING_WEBHOOK,
  NODE,
  SECRET,
  VALIDATING_WEBHOOK,
} from '@/lib/validation/lookups/kinds'
import type { CertificateFacts } from '@/lib/validation/observed'
import { asFields, asTextMap, isFields, items, specOf } from '@/lib/validation/read'
import { createWorld, type KindKey, type World } from '@/lib/validation/world'

/** Secrets of gateways that are looked at; more would weigh on the API server. */
const MOST_SECRETS = 200
const READS_AT_ONCE = 4

/** What checks need of a cluster beside its inventory. */
export interface Beside {
  objects: readonly ConfigObject[]
  /** null: the account may not read Secrets */
  certificates: readonly CertificateFacts[] | null
  unread: ReadonlySet<KindKey>
  /** gateways name more Secrets than were looked at */
  leftOut: number
}

/**
 * Webhooks of the cluster, the definitions of the Gateway API, nodes where a subset chooses by place, the networks of
 * the mesh with the clusters that istiod has Secrets for (their names only), and of the Secrets that gateways name
 * whether they can be used and until when. What may not be read is named, not thrown; of
 * objects that did not change since `before` the same ones come back. Throws UpstreamError when nothing answers.
 */
export async function readBeside(
  client: KubernetesClient,
  inventory: ClusterInventory,
  before: Beside | null,
): Promise<Beside> {
  const world = createWorld(objectsOf(inventory), meshSettingsOf(inventory))
  const unread = new Set<KindKey>()
  const known = new Map((before?.objects ?? []).map((one) => [idOf(one), one]))
  const keep = (fresh: ConfigObject[]) =>
    fresh.map((one) => {
      const old = known.get(idOf(one))
      return old && old.metadata.resourceVersion === one.metadata.resourceVersion ? old : one
    })
  const tryRead = async (kind: KindKey, read: () => Promise<ConfigObject[]>): Promise<ConfigObject[]> => {
    try {
      return await read()
    } catch (error) {
      if (!isRefused(error)) throw error
      unread.add(kind)
      return []
    }
  }
  const webhooks = (kind: KindKey, plural: string) =>
    tryRead(kind, () => listAll(client, `/apis/admissionregistration.k8s.io/v1/${plural}`, kind))
  const [mutating, validating, definitions, nodes, networks, secrets] = await Promise.all([
    webhooks(MUTATING_WEBHOOK, 'mutatingwebhookconfigurations'),
    webhooks(VALIDATING_WEBHOOK, 'validatingwebhookconfigurations'),
    tryRead(CUSTOM_RESOURCE, () => readDefinitions(client)),
    choosesByPlace(world) ? tryRead(NODE, () => listAll(client, '/api/v1/nodes', NODE)) : [],
    tryRead(SECRET, () => readNetworks(client, inventory.rootNamespace)),
    readCertificates(client, world),
  ])
  return {
    objects: keep([
      ...mutating.map(leanWebhooks),
      ...validating.map(leanWebhooks),
      ...definitions.map(metadataOnly),
      ...nodes.map(metadataOnly),
      ...networks,
    ]),
    ...secrets,
    unread,
  }
}

/** What the mesh says of its networks, and the names of the clusters it has remote secrets for: all or nothing. */
async function readNetworks(client: KubernetesClient, rootNamespace: string): Promise<ConfigObject[]> {
  const at = { group: '', version: 'v1', plural: 'configmaps', namespace: rootNamespace, name: 'istio' }
  const map = await getObject(client, at)
  const { meshNetworks } = asFields(map?.data)
  if (!map || typeof meshNetworks !== 'string' || meshNetworks === '') return []
  const path = `/api/v1/namespaces/${rootNamespace}/secrets`
  const secrets = await listAll(client, path, SECRET, { labelSelector: 'istio/multiCluster=true' })
  return [
    { ...metadataOnly(map), data: { meshNetworks } },
    ...secrets.map((secret) => ({
      ...metadataOnly(secret),
      // each key is the name of a cluster, each value the way into it
      data: Object.fromEntries(Object.keys(asFields(secret.data)).map((cluster) => [cluster, ''])),
    })),
  ]
}

async function readDefinitions(client: KubernetesClient): Promise<ConfigObject[]> {
  const group = 'apiextensions.k8s.io'
  const read = await Promise.all(
    READ_DEFINITIONS.map((name) =>
      getObject(client, { group, version: 'v1', plural: 'customresourcedefinitions', name }),
    ),
  )
  return read.flatMap((one) => one ?? [])
}

async function readCertificates(
  client: KubernetesClient,
  world: World,
): Promise<Pick<Beside, 'certificates' | 'leftOut'>> {
  const named = new Map<string, { namespace: string; name: string }>()
  for (const kind of [GATEWAY, K8S_GATEWAY] as const) {
    for (const gateway of world.list(kind)) {
      for (const one of credentialsOf(world, gateway)) named.set(`${one.namespace}/${one.name}`, one)
    }
  }
  const wanted = [...named.values()].slice(0, MOST_SECRETS)
  const places = createLimiter(READS_AT_ONCE)
  let isRefusedAny = false
  const facts = await Promise.all(
    wanted.map(async ({ namespace, name }): Promise<CertificateFacts[]> => {
      const leave = await places.enter()
      try {
        const secret = await getObject(client, {
          group: '',
          version: 'v1',
          plural: 'secrets',
          namespace,
          name,
        })
        // all that stays of it: the rest is let go here
        return [secret ? factsOf(secret, namespace, name) : { namespace, secret: name, state: 'missing' }]
      } catch (error) {
        if (!isRefused(error)) throw error
        isRefusedAny = true
        return []
      } finally {
        leave()
      }
    }),
  )
  const read = facts.flat()
  return {
    certificates: isRefusedAny && read.length === 0 ? null : read,
    leftOut: named.size - wanted.length,
  }
}

function choosesByPlace(world: World): boolean {
  return world
    .list(DESTINATION_RULE)
    .some((rule) =>
      items(specOf(rule).subsets).some(([subset]) =>
        TOPOLOGY_LABELS.some((label) => label in asTextMap(subset.labels)),
      ),
    )
}

async function listAll(
  client: KubernetesClient,
  path: string,
  kind: KindKey,
  query: Record<string, string> = {},
): Promise<ConfigObject[]> {
  const [group = '', name = ''] = kind.split('/')
  const found: ConfigObject[] = []
  let next: string | undefined
  do {
    const body = asFields(
      await client.read(path, { query: { ...query, limit: 500, continue: next }, attempts: 3 }),
    )
    for (const [item] of items(body.items)) {
      const { metadata } = item
      // items of lists carry neither apiVersion nor kind
      if (isFields(metadata) && typeof metadata.name === 'string') {
        found.push({
          ...item,
          apiVersion: group === '' ? 'v1' : `${group}/v1`,
          kind: name,
          // the API server checks metadata of every object
          metadata: metadata as ConfigObject['metadata'],
        })
      }
    }
    const token = asFields(body.metadata).continue
    next = typeof token === 'string' && token !== '' ? token : undefined
  } while (next !== undefined)
  return found
}

function leanWebhooks(object: ConfigObject): ConfigObject {
  const webhooks = items(object.webhooks).map(([webhook]) => {
    const { caBundle: _certificates, ...clientConfig } = asFields(webhook.clientConfig)
    return { ...webhook, clientConfig }
  })
  return { ...metadataOnly(object), webhooks }
}

function metadataOnly({ apiVersion, kind, metadata }: ConfigObject): ConfigObject {
  const { managedFields: _writers, ...kept } = metadata
  return { apiVersion, kind, metadata: kept }
}

function idOf({ kind, metadata }: ConfigObject): string {
  return `${kind} ${metadata.name}`
}

/** Not allowed, or not served: nothing that asking again would help. */
function isRefused(error: unknown): boolean {
  return isUpstreamError(error) && [401, 403, 404].includes(error.status ?? 0)
}
