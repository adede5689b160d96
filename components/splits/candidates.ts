/** What can be added to a split, from what the server knows of a service. */
import { fetchJson } from '@/lib/api/fetch'
import { apiPaths } from '@/lib/api/paths'
import type { ChangeItem } from '@/lib/api/schemas/config/changes'
import type { SplitTargets } from '@/lib/api/schemas/config/splits'
import type { BackendRef } from '@/lib/istio/edit/split/rule'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { patchItem } from './change-items'
import { withSubset } from '@/lib/istio/edit/split/subsets'

export interface Candidate {
  id: string
  label: string
  backend: BackendRef
  /** a version without a subset: this is the one to define */
  newSubset: { name: string; labels: Record<string, string> } | null
}

/**
 * Destinations a rule does not have yet: subsets that are defined and versions that can become one (Istio), or
 * services of a single version (Gateway API). Host and port are written as the rule has them.
 */
export function candidatesOf(
  targets: SplitTargets,
  api: 'istio' | 'gateway',
  present: readonly BackendRef[],
): Candidate[] {
  const [first] = present
  const port = first?.port ?? (api === 'gateway' ? (targets.ports[0]?.port ?? null) : null)
  if (api === 'gateway') {
    return targets.versions.flatMap(({ name, service }): Candidate[] =>
      service === null || present.some((one) => one.host === service)
        ? []
        : [
            {
              id: `service ${service}`,
              label: `${service} (service of ${name})`,
              backend: { host: service, namespace: first?.namespace ?? null, subset: null, port },
              newSubset: null,
            },
          ],
    )
  }
  const host = first?.host ?? targets.host
  const isPresent = (subset: string) => present.some((one) => one.subset === subset)
  return [
    ...targets.subsets.flatMap(({ name, labels }): Candidate[] =>
      isPresent(name)
        ? []
        : [
            {
              id: `subset ${name}`,
              label: `${name} (subset, ${labelText(labels)})`,
              backend: { host, namespace: null, subset: name, port },
              newSubset: null,
            },
          ],
    ),
    ...targets.versions.flatMap(({ name, labels, subset }): Candidate[] =>
      subset !== null || targets.subsets.some((one) => one.name === name) || Object.keys(labels).length === 0
        ? []
        : [
            {
              id: `version ${name}`,
              label: `${name} (version, defines a new subset for ${labelText(labels)})`,
              backend: { host, namespace: null, subset: name, port },
              newSubset: { name, labels },
            },
          ],
    ),
  ]
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')
}

/** The change that defines a subset: in the destination rule of the host, or in a new one. */
export async function subsetItem(
  cluster: string,
  targets: SplitTargets | undefined,
  subset: { name: string; labels: Record<string, string> },
): Promise<ChangeItem | { problem: string }> {
  if (!targets) return { problem: 'What is known of the service has not been read yet.' }
  const rule = targets.destinationRule
  if (!rule) {
    const { namespace, service } = targets
    const object = withSubset(null, { namespace, service }, subset)
    return {
      op: 'create',
      ref: {
        cluster,
        group: 'networking.istio.io',
        version: 'v1',
        kind: 'DestinationRule',
        namespace,
        name: service,
      },
      object: { ...object },
    }
  }
  const ref = { cluster, ...rule }
  try {
    const { object } = await fetchJson(apiPaths.configObject(ref), () =>
      import('@/lib/api/schemas/config/changes').then((file) => file.ConfigDetail),
    )
    // the API answers with Kubernetes objects
    const base = object as unknown as ConfigObject
    return (
      patchItem(ref, base, withSubset(base, targets, subset)) ?? {
        problem: `The subset ${subset.name} is defined already; load the page again.`,
      }
    )
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'The destination rule could not be read.' }
  }
}
