import { ApiFailure } from '@/lib/api/fetch'

const TRIES = 2
/** Of an upstream the server has asked several times before it says so: more would only keep the page waiting. */
const TRIES_OF_UPSTREAMS = 1

/** Whether a question that failed so often is asked again at once; the next refresh asks it anyway. */
export function isRetried(failures: number, error: Error): boolean {
  if (!(error instanceof ApiFailure)) return failures < TRIES
  return error.retryable && failures < (error.upstream === null ? TRIES : TRIES_OF_UPSTREAMS)
}
