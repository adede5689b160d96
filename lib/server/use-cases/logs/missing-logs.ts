import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { UpstreamError } from '@/lib/mesh/upstream-error'
import { noticeOf, upstreamCode } from '../../errors'

/** So many are named one by one. */
const MOST_NAMED = 3

/** Which of `asked` logs could not be read and why: every cause once, however many failed for it. */
export function missingLogs(
  failures: readonly { error: UpstreamError; pod: string; container: string }[],
  asked: number,
): Notice[] {
  const byCode = new Map<string, (typeof failures)[number][]>()
  for (const failure of failures) {
    const code = upstreamCode(failure.error)
    byCode.set(code, [...(byCode.get(code) ?? []), failure])
  }
  return [...byCode.values()].flatMap((alike) => {
    const [first] = alike
    if (!first) return []
    if (alike.length === asked && asked > 1) {
      return [noticeOf(first.error, `None of the ${asked} logs could be read.`)]
    }
    const names = alike.slice(0, MOST_NAMED).map(({ pod, container }) => `${container} in ${pod}`)
    const rest = alike.length - names.length
    const named = `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
    return [
      noticeOf(
        first.error,
        alike.length === 1 ? `The log of ${named} is missing.` : `The logs of ${named} are missing.`,
      ),
    ]
  })
}
