/** Whether a previewed change can be applied, and if not, why not. Pure. */
import type { PreviewAnswer } from '@/lib/api/schemas/config/changes'
import { nameOf } from '../words'

export interface Entered {
  reason: string
  typed: string
  typeToConfirm: string | null
}

/** The first thing in the way, as a sentence; null when nothing is. */
export function whyNotApply(
  preview: PreviewAnswer,
  { reason, typed, typeToConfirm }: Entered,
): string | null {
  if (preview.isReadOnly) return 'Heddle is set to read-only; export the change instead.'
  const forbidden = preview.changes.filter(({ allowed }) => allowed === false)
  if (forbidden.length > 0) {
    const who = preview.rights.user ?? 'This user'
    return `${who} may not do this to ${forbidden.map(({ ref }) => nameOf(ref, false)).join(', ')}.`
  }
  if (!changesAnything(preview)) return 'Nothing would change.'
  const refused = preview.changes.find(({ dryRun }) => !dryRun.ok)
  if (refused) return `The API server refuses ${nameOf(refused.ref, false)}.`
  if (preview.requiresReason && reason.trim() === '') return 'Say why: a reason is required here.'
  if (typeToConfirm !== null && typed.trim() !== typeToConfirm) return `Type ${typeToConfirm} to confirm.`
  return null
}

export function changesAnything({ changes }: PreviewAnswer): boolean {
  return changes.some(({ diff, op }) => diff !== '' || op === 'create' || op === 'delete')
}

/** True when something goes for good: Enter must not do that. */
export function isDestructive({ changes }: PreviewAnswer): boolean {
  return changes.some(({ op }) => op === 'delete')
}
