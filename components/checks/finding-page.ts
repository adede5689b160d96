import { pagePaths } from '@/lib/api/paths'
import type { LiveFinding } from '@/lib/api/schemas/config/analyze'
import { refOfObject } from '@/lib/mesh/resource'

/** Objects that have a page of configuration; the others are workloads, pods, namespaces and the cluster's own. */
const GROUPS = /(^|\.)istio\.io$|^gateway\.networking\.k8s\.io$/

/** Where the object of a finding is shown; undefined for what has no page. */
export function findingPage({ ref }: LiveFinding): string | undefined {
  const { cluster, group, version, kind, namespace, name } = ref
  const isService = group === '' && kind === 'Service'
  if (kind === 'Deployment' || kind === 'StatefulSet' || kind === 'DaemonSet') {
    return pagePaths.item('workloads', { cluster, namespace, name })
  }
  if (!isService && !GROUPS.test(group)) return undefined
  const apiVersion = group === '' ? version : `${group}/${version}`
  return pagePaths.configObject(refOfObject(cluster, { apiVersion, kind, namespace, name }))
}
