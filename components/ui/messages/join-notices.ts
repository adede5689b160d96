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
  const keys = new Map<string, string>()
  const isSilent = isUnmeasured(notices)
  for (const { upstream, code, message } of notices) {
    const sentences = sentencesOf(message)
    const isOfUpstream = upstream !== undefined && sentences.length > 1
    const cause = `${upstream} ${sentences[0]}`
    // one cause has several codes: that of what failed for it, and that objects are old for it
    const same = isOfUpstream ? keys.get(cause) : undefined
    const key = same ?? (isOfUpstream ? `${upstream} ${wayOf(code, isSilent)}` : message)
    if (isOfUpstream) keys.set(cause, key)
    const known = told.get(key)
    if (!known) told.set(key, sentences)
    else known.push(...sentences.slice(1).filter((each) => !known.includes(each)))
  }
  return [...told.values()].map((sentences) => sentences.join(' '))
}

/** What of notices in a part of a page is not told above it already: the cause is, where the same upstream fails the same way. */
export function leftToSay(notices: readonly Notice[], above: readonly Notice[]): Notice[] {
  if (above.length === 0) return [...notices]
  const isSilent = isUnmeasured(above)
  const told = new Set(above.flatMap(({ message }) => [message, ...sentencesOf(message)]))
  const causes = new Set(above.map(({ upstream, code }) => `${upstream} ${wayOf(code, isSilent)}`))
  return notices.flatMap((notice) => {
    if (told.has(notice.message)) return []
    const [cause, ...then] = sentencesOf(notice.message)
    const isKnown =
      notice.upstream !== undefined &&
      (causes.has(`${notice.upstream} ${wayOf(notice.code, isSilent)}`) || told.has(cause ?? ''))
    if (cause === undefined || then.length === 0 || !isKnown) return [notice]
    const news = then.filter((each) => !told.has(each))
    return news.length > 0 ? [{ ...notice, message: news.join(' ') }] : []
  })
}

function sentencesOf(message: string): string[] {
  return message.split(/(?<=[.!?])\s+(?=[A-Z])/)
}

/** A Prometheus that never answered fails in one way, whatever it was asked. */
function wayOf(code: string, isSilent: boolean): string {
  return isSilent && UNANSWERED.test(code) ? NOT_MEASURED : code
}
