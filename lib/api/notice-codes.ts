/** Notices that pages act on, by their code. */

/** An answer without quantiles, and so without what is judged by them: neither is there nothing slow, nor is all of it. */
export const LATENCY_PENDING = 'latency-pending'
