import { RESOURCE_KINDS, apiVersionOf } from '../kinds'
import type { ResourceKind } from '../kinds'
import type { JsonRecord } from '../json'

/** Version the embedded cluster claims: the one its schemas are from. */
export const KUBERNETES_VERSION = {
  major: '1',
  minor: '34',
  emulationMajor: '1',
  emulationMinor: '34',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '33',
  gitVersion: 'v1.34.1',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2025-09-10T00:00:00Z',
  goVersion: 'go1.24.6',
  compiler: 'gc',
  platform: 'linux/amd64',
}

/** Resources that are asked rather than stored. */
export const REVIEWS = [
  { group: 'authorization.k8s.io', kind: 'SelfSubjectAccessReview', plural: 'selfsubjectaccessreviews' },
  { group: 'authorization.k8s.io', kind: 'SelfSubjectRulesReview', plural: 'selfsubjectrulesreviews' },
  { group: 'authentication.k8s.io', kind: 'TokenReview', plural: 'tokenreviews' },
  { group: 'authentication.k8s.io', kind: 'SelfSubjectReview', plural: 'selfsubjectreviews' },
] as const

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

export function apiVersions(): JsonRecord {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1' }],
  }
}

/** Served versions of every group but core, preferred first. */
export function servedGroups(): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  const add = (group: string, version: string) => {
    const versions = groups.get(group) ?? []
    if (!versions.includes(version)) versions.push(version)
    groups.set(group, versions)
  }
  for (const resource of RESOURCE_KINDS) for (const version of resource.versions) add(resource.group, version)
  for (const review of REVIEWS) add(review.group, 'v1')
  groups.delete('')
  for (const versions of groups.values()) versions.sort(byPreference)
  return groups
}

/** v1 before v1beta1 before v1alpha3. */
function byPreference(a: string, b: string): number {
  const rank = (version: string) => {
    const [, major = '0', stage = 'z', minor = '0'] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? []
    return [stage === 'z' ? 2 : stage === 'beta' ? 1 : 0, Number(major), Number(minor)] as const
  }
  const [left, right] = [rank(a), rank(b)]
  for (const place of [0, 1, 2] as const) if (left[place] !== right[place]) return right[place] - left[place]
  return 0
}

export function apiGroup(group: string, versions: readonly string[]): JsonRecord {
  const entries = versions.map((version) => ({ groupVersion: apiVersionOf(group, version), version }))
  return { name: group, versions: entries, preferredVersion: entries[0] }
}

export function apiGroupList(): JsonRecord {
  const groups = [...servedGroups()].map(([group, versions]) => apiGroup(group, versions))
  return { kind: 'APIGroupList', apiVersion: 'v1', groups }
}

/** Resources and subresources of one version; undefined when nothing is served there. */
export function apiResourceList(group: string, version: string): JsonRecord | undefined {
  const resources: JsonRecord[] = []
  for (const resource of RESOURCE_KINDS) {
    if (resource.group === group && resource.versions.includes(version)) resources.push(...entries(resource))
  }
  for (const review of REVIEWS) {
    if (review.group !== group || version !== 'v1') continue
    resources.push({
      name: review.plural,
      singularName: review.kind.toLowerCase(),
      namespaced: false,
      kind: review.kind,
      verbs: ['create'],
    })
  }
  if (resources.length === 0) return undefined
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersionOf(group, version),
    resources,
  }
}

function entries(resource: ResourceKind): JsonRecord[] {
  const main: JsonRecord = {
    name: resource.plural,
    singularName: resource.singular,
    namespaced: resource.namespaced,
    kind: resource.kind,
    verbs: VERBS,
    ...(resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}),
    ...(resource.categories.length > 0 ? { categories: resource.categories } : {}),
  }
  const under = resource.subresources.map((subresource): JsonRecord => {
    const base = {
      name: `${resource.plural}/${subresource}`,
      singularName: '',
      namespaced: resource.namespaced,
    }
    if (subresource === 'log') return { ...base, kind: 'Pod', verbs: ['get'] }
    if (subresource === 'scale') {
      return {
        ...base,
        group: 'autoscaling',
        version: 'v1',
        kind: 'Scale',
        verbs: ['get', 'patch', 'update'],
      }
    }
    return { ...base, kind: resource.kind, verbs: ['get', 'patch', 'update'] }
  })
  return [main, ...under]
}
