/** What a canary tool wants of a split, which is neither what is configured nor what happens. */
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import type { Split } from '../splits'
import type { SplitBackend } from './backends'

export interface Desired {
  tool: 'Flagger'
  /** the tool's own object, `namespace/name` */
  by: string
  phase: string | null
  /** in the order of the backends, 0..1; null: the tool does not speak of it */
  shares: (number | null)[]
}

type Fields = Readonly<Record<string, unknown>>

/**
 * What Flagger's Canary wants, from its status; null where no Canary owns the split's object. Its stable workload is
 * `{name}-primary`, the canary `{name}`. https://docs.flagger.app/usage/how-it-works
 */
export function desiredOf(index: InventoryIndex, split: Split): Desired | null {
  const { name, namespace = '' } = split.object.metadata
  const canary = (index.config.get('Canary') ?? []).find(
    (one) =>
      one.apiVersion.startsWith('flagger.app/') &&
      one.metadata.namespace === namespace &&
      (one.metadata.name === name || ownersOf(split).includes(one.metadata.name)),
  )
  if (!canary) return null
  const { canaryWeight, phase } = fieldsOf(canary.status)
  const target = fieldsOf(fieldsOf(canary.spec).targetRef).name
  if (typeof canaryWeight !== 'number' || typeof target !== 'string') return null
  const shareOf = (backend: SplitBackend) => {
    const names = [backend.name, backend.service.name, ...(backend.workloads ?? [])]
    if (names.some((one) => one === 'primary' || one === `${target}-primary`)) return 1 - canaryWeight / 100
    if (names.some((one) => one === 'canary' || one === `${target}-canary` || one === target)) {
      return canaryWeight / 100
    }
    return null
  }
  return {
    tool: 'Flagger',
    by: `${namespace}/${canary.metadata.name}`,
    phase: typeof phase === 'string' ? phase : null,
    shares: split.backends.map(shareOf),
  }
}

function ownersOf(split: Split): string[] {
  const references = split.object.metadata['ownerReferences']
  if (!Array.isArray(references)) return []
  return references
    .map(fieldsOf)
    .flatMap(({ kind, name }) => (kind === 'Canary' && typeof name === 'string' ? [name] : []))
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
