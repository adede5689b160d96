import type { KubernetesObject, World } from '@/lib/demo/model'
import { createRandom, hashText } from '@/lib/statistics/random'
import type { Area, ObjectDraft } from './area'
import { HOME_CLUSTER, ROOT_NAMESPACE, TRUST_DOMAIN } from './area'
import { namespaceDraft, serviceAccountDraft, serviceDraft, workloadDraft } from './kubernetes'

const DAY_MS = 86_400_000

/**
 * One world of several areas. Objects are those of the home cluster (another cluster is known from labels
 * only), sorted by kind, namespace and name; uids depend on the seed and the object's name alone.
 * Throws when two areas bring the same object.
 */
export function assemble(areas: readonly Area[], seed: number, now: number): World {
  const workloads = areas.flatMap((area) => area.workloads)
  const services = areas.flatMap((area) => area.services)
  const atHome = workloads.filter(({ spec }) => spec.cluster === HOME_CLUSTER)
  const accounts = new Map<string, ObjectDraft>()
  for (const { spec } of atHome) {
    const draft = serviceAccountDraft(spec.namespace, spec.serviceAccount)
    accounts.set(objectKey(draft), draft)
  }
  const drafts = [
    ...areas.flatMap((area) => area.namespaces).map(namespaceDraft),
    ...accounts.values(),
    ...atHome.map(workloadDraft),
    ...services.map((plan, index) => serviceDraft(plan, clusterIp(index))),
    ...areas.flatMap((area) => area.objects),
  ]
  return {
    seed,
    homeCluster: HOME_CLUSTER,
    rootNamespace: ROOT_NAMESPACE,
    trustDomain: TRUST_DOMAIN,
    workloads: workloads.map(({ spec }) => spec),
    services: services.map(({ spec }) => spec),
    externals: areas.flatMap((area) => area.externals ?? []),
    entries: areas.flatMap((area) => area.entries),
    objects: toObjects(drafts, seed, now),
  }
}

/** `{kind}/{namespace}/{name}`: how drafts name each other. */
export function objectKey(draft: Pick<ObjectDraft, 'kind' | 'namespace' | 'name'>): string {
  return `${draft.kind}/${draft.namespace ?? ''}/${draft.name}`
}

function toObjects(drafts: readonly ObjectDraft[], seed: number, now: number): KubernetesObject[] {
  const byKey = new Map<string, ObjectDraft>()
  for (const draft of drafts) {
    const key = `${draft.apiVersion}/${objectKey(draft)}`
    if (byKey.has(key)) throw new Error(`${key} is in the world twice`)
    byKey.set(key, draft)
  }
  const owners = new Map(drafts.map((draft) => [objectKey(draft), draft]))
  return [...byKey.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, draft]) => {
      const createdAt = new Date(Math.floor((now - draft.ageDays * DAY_MS) / 1000) * 1000)
        .toISOString()
        .replace('.000Z', 'Z')
      const owner = draft.owner === undefined ? undefined : owners.get(draft.owner)
      if (draft.owner !== undefined && owner === undefined) throw new Error(`no owner ${draft.owner}`)
      // cloned: plans share label records, and the store may change what it was given
      return structuredClone<KubernetesObject>({
        apiVersion: draft.apiVersion,
        kind: draft.kind,
        metadata: {
          name: draft.name,
          ...(draft.namespace === undefined ? {} : { namespace: draft.namespace }),
          ...(hasEntries(draft.labels) ? { labels: draft.labels } : {}),
          ...(hasEntries(draft.annotations) ? { annotations: draft.annotations } : {}),
          uid: uidOf(draft, seed),
          generation: 1,
          creationTimestamp: createdAt,
          ...(owner === undefined
            ? {}
            : {
                ownerReferences: [
                  {
                    apiVersion: owner.apiVersion,
                    kind: owner.kind,
                    name: owner.name,
                    uid: uidOf(owner, seed),
                  },
                ],
              }),
        },
        ...draft.body(createdAt),
      })
    })
}

function uidOf(draft: ObjectDraft, seed: number): string {
  return createRandom(hashText(`${seed}/${draft.apiVersion}/${objectKey(draft)}`)).uuid()
}

/** Addresses of the usual service range, 10.96.0.0/12; .1 and .10 of the first block belong to the API and DNS. */
function clusterIp(index: number): string {
  const host = index + 20
  return `10.${96 + Math.floor(host / 62_500)}.${Math.floor(host / 250) % 250}.${(host % 250) + 2}`
}

function hasEntries(record: Record<string, string> | undefined): record is Record<string, string> {
  return record !== undefined && Object.keys(record).length > 0
}
