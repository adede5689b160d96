import type { Upstream } from '@/lib/api/schemas/common'
import { UPSTREAM_NAMES } from './upstream-names'

/** How an upstream failed, by the code of the error or notice: one that answers with a page of its own does answer. */
export function failureTitle(upstream: Upstream, code: string): string {
  const name = UPSTREAM_NAMES[upstream]
  if (code === `${upstream}-failed`) return `${name} answers with an error`
  if (code === `${upstream}-refused`) return `${name} refuses the question`
  if (code === `${upstream}-bad-answer`) return `${name} gives no usable answer`
  return `${name} does not answer`
}
