import type { Observed } from '@/lib/validation/observed'

/** Nothing was measured: tests add the part they are about. */
export const NOTHING_OBSERVED: Observed = {
  windowSeconds: 300,
  plaintext: null,
  splits: null,
  latencies: null,
  certificates: null,
  accountsElsewhere: null,
}
