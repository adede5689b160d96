import type { Upstream } from '@/lib/api/schemas/common'
import { UPSTREAM_NAMES } from './upstream-names'

/** How an upstream failed, by the code of the error or notice: one that answers with a page of its own does answer. */
export function failureTitle(upstream: Upstream, code: string): string {
  return `${UPSTREAM_NAMES[upstream]} ${waysOf(upstream)[code] ?? 'does not answer'}`
}

/** The state of one that fails, in a list of upstreams. */
export function troubleWords(upstream: Upstream, code: string | null): string {
  return waysOf(upstream)[code ?? ''] ?? 'not reachable'
}

/** Those that fail, in one line: what fails in the same way is named together. */
export function troubleSummary(broken: readonly { name: Upstream; code: string | null }[]): string {
  const byWords = new Map<string, string[]>()
  for (const { name, code } of broken) {
    const words = troubleWords(name, code)
    byWords.set(words, [...(byWords.get(words) ?? []), UPSTREAM_NAMES[name]])
  }
  return [...byWords]
    .map(([words, [first, ...others]]) =>
      others.length === 0 ? `${first} ${words}` : `${[first, ...others].join(', ')}: ${words}`,
    )
    .join('; ')
}

function waysOf(upstream: Upstream): Readonly<Record<string, string | undefined>> {
  return {
    [`${upstream}-failed`]: 'answers with an error',
    [`${upstream}-refused`]: 'refuses the question',
    [`${upstream}-bad-answer`]: 'gives no usable answer',
  }
}
