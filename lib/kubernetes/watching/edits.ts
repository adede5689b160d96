/** Who last wrote an object and when, from the fields the API server keeps for itself. */
import { z } from 'zod'

export interface LastEdit {
  /** epoch milliseconds */
  at: number
  /** the tool that wrote: `kubectl-client-side-apply`, `argocd-controller`… */
  by: string | null
}

const managed = z.object({
  metadata: z.object({
    managedFields: z.array(
      z.object({
        manager: z.string().optional(),
        time: z.string().optional(),
        subresource: z.string().optional(),
      }),
    ),
  }),
})

// decoded objects go without these fields; what was in them lives as long as they do
const edits = new WeakMap<object, LastEdit>()

/** The last write that was not of the status alone; null where the object does not tell. */
export function readLastEdit(object: unknown): LastEdit | null {
  const parsed = managed.safeParse(object)
  if (!parsed.success) return null
  let last: LastEdit | null = null
  for (const { manager, time, subresource } of parsed.data.metadata.managedFields) {
    const at = time ? Date.parse(time) : Number.NaN
    if (subresource === 'status' || Number.isNaN(at) || (last && last.at >= at)) continue
    last = { at, by: manager ?? null }
  }
  return last
}

/** Keeps the last edit of the object an answer was decoded to. */
export function rememberEdit(decoded: object | null | undefined, raw: unknown): void {
  const edit = decoded ? readLastEdit(raw) : null
  if (decoded && edit) edits.set(decoded, edit)
}

export function lastEditOf(decoded: object): LastEdit | null {
  return edits.get(decoded) ?? null
}
