'use client'

import type { TabProps } from '../tabs'
import { LogsView } from './LogsView'

/** What its containers wrote. */
export default function LogsTab({ detail, scope }: TabProps) {
  return <LogsView subject={{ node: detail.item.id }} scope={scope} />
}
