/** Which recorded changes touched what applies to a thing. Pure. */
import type { ChangeSummary } from '@/lib/api/schemas/changes'
import type { AppliedConfig } from '@/lib/api/schemas/lists'

/** Changes of objects that apply (or, where an object is gone, of the same namespace and kind name), newest first. */
export function changesOf(
  changes: readonly ChangeSummary[],
  cluster: string,
  config: readonly AppliedConfig[],
  at: number | null,
): ChangeSummary[] {
  const applied = new Set(config.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`))
  return changes
    .filter((change) => at === null || change.at <= at)
    .filter((change) =>
      change.objects.some(
        ({ ref }) => ref.cluster === cluster && applied.has(`${ref.kind} ${ref.namespace ?? ''}/${ref.name}`),
      ),
    )
    .sort((a, b) => b.at - a.at)
}
