import { isUnmeasured, NOT_MEASURED } from '@/lib/api/notice-codes'
import type { Notice } from '@/lib/api/schemas/common'

const UNANSWERED = /^prometheus-(unreachable|timeout|failed|bad-answer|not-measured)$/

/**
 * One upstream that fails in one way is told once, with all that is missing for it: of later notices of the same
 * upstream and code the first sentence, the cause, is left out. Notices of one sentence stay as they are; equal ones
 * are told once. In the order in which they first came.
 */
export function joinNotices(notices: readonly Notice[]): string[] {
  const told = new Map<string, string[]>()
  const isSilent = isUnmeasured(notices)
  for (const { upstream, code, message } of notices) {
    const sentences = message.split(/(?<=[.!?])\s+(?=[A-Z])/)
    // a Prometheus that never answered fails in one way, whatever it was asked
    const way = isSilent && UNANSWERED.test(code) ? NOT_MEASURED : code
    const key = upstream !== undefined && sentences.length > 1 ? `${upstream} ${way}` : message
    const known = told.get(key)
    if (!known) told.set(key, sentences)
    else known.push(...sentences.slice(1).filter((each) => !known.includes(each)))
  }
  return [...told.values()].map((sentences) => sentences.join(' '))
}
