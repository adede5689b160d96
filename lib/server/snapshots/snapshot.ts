import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { Topology } from '@/lib/graph/types'

/** The mesh at one instant over one window. Never changed: latency that joins makes the next revision. */
export interface Snapshot {
  at: number
  windowSeconds: number
  /** rises with everything that joins after the rates */
  revision: number
  /** when it was taken, epoch milliseconds */
  takenAt: number
  topology: Topology
  /** how long its quantiles took; null while it has none of its own */
  latencyMs: number | null
  /** whether the rates came from recording rules */
  isRecorded: boolean
  notices: readonly Notice[]
}
