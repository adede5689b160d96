import { IconAlertTriangle, IconCircleCheck, IconCircleDashed } from '@tabler/icons-react'

/** What istiod says of one kind of configuration of a proxy, in words and as a mark. */
export const SYNC_STATES = {
  synced: { words: 'in sync', Icon: IconCircleCheck },
  stale: { words: 'behind', Icon: IconAlertTriangle },
  'never-acknowledged': { words: 'never acknowledged', Icon: IconAlertTriangle },
  'not-sent': { words: 'nothing sent', Icon: IconCircleDashed },
} as const
