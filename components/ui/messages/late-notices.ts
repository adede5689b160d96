import { createContext } from 'react'
import type { Notice } from '@/lib/api/schemas/common'

/** Tells the foot of a page what a part of it has to say from now on; null: the page has none. */
export const LateNotices = createContext<((of: string, notices: readonly Notice[]) => void) | null>(null)

/** Notices that are one, though their words change, such as an age. */
export function keyOfNotice({ upstream, code }: Notice): string {
  return `${upstream ?? ''} ${code}`
}
