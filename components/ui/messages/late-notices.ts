import { createContext } from 'react'
import type { Notice } from '@/lib/api/schemas/common'

/** Tells the foot of a page what a part of it has to say from now on; null: the page has none. */
export const LateNotices = createContext<((of: string, notices: readonly Notice[]) => void) | null>(null)

/** Notices that are one, though their words change, such as an age. */
export function keyOfNotice({ upstream, code }: Notice): string {
  return `${upstream ?? ''} ${code}`
}

/** What stays hidden of what was: a notice that has ended is news when it comes up again. */
export function stillHidden(hidden: ReadonlySet<string>, said: readonly Notice[]): ReadonlySet<string> {
  const left = new Set(said.map(keyOfNotice).filter((key) => hidden.has(key)))
  return left.size === hidden.size ? hidden : left
}
