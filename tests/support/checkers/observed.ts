import { UNOBSERVED, type Observed } from '@/lib/validation/observed'

/** Nothing was measured, everything was read: tests add the part they are about. */
export const NOTHING_OBSERVED: Observed = { ...UNOBSERVED, windowSeconds: 300, unread: new Set() }
