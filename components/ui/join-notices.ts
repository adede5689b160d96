import type { Notice } from '@/lib/api/schemas/common'

/**
 * One upstream that fails in one way is told once, with all that is missing for it: of later notices of the same
 * upstream and code the first sentence, the cause, is left out. Notices of one sentence stay as they are; equal ones
 * are told once. In the order in which they first came.
 */
export function joinNotices(notices: readonly Notice[]): string[] {
  const told = new Map<string, string[]>()
  for (const { upstream, code, message } of notices) {
    const sentences = message.split(/(?<=[.!?])\s+(?=[A-Z])/)
    const key = upstream !== undefined && sentences.length > 1 ? `${upstream} ${code}` : message
    const known = told.get(key)
    if (!known) told.set(key, sentences)
    else known.push(...sentences.slice(1).filter((each) => !known.includes(each)))
  }
  return [...told.values()].map((sentences) => sentences.join(' '))
}
