import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { viewNow } from '@/components/hooks/address/use-view'
import { ApiFailure } from '@/lib/api/fetch'
import { pagePaths } from '@/lib/api/paths'
import { keepFailures } from './keep-failures'
import { isRetried } from './retry'

/**
 * A browser that calls itself offline may still reach a Heddle nearby. Where it cannot, questions fail and say so, and
 * a write fails too: it must not wait and be sent when nobody looks any more.
 */
const REACHED_OR_NOT = 'always'

/** The one cache of a page's answers. */
export function createPageClient(): QueryClient {
  const queryCache = new QueryCache({ onError: leaveWhenSignedOut })
  keepFailures(queryCache)
  return new QueryClient({
    queryCache,
    mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
    defaultOptions: {
      queries: {
        // old figures stay on screen, marked with their age, while newer ones are asked for
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: isFlowing,
        refetchOnReconnect: isFlowing,
        retry: isRetried,
        networkMode: REACHED_OR_NOT,
      },
      mutations: { networkMode: REACHED_OR_NOT },
    },
  })
}

/** Who paused looks elsewhere meanwhile, and finds the figures as they were. */
function isFlowing(): boolean {
  return viewNow().refresh !== 'paused'
}

/** A session that ended shows nothing any more; signing in leads back here. */
function leaveWhenSignedOut(error: Error): void {
  const isSignedOut = error instanceof ApiFailure && error.status === 401 && error.code !== 'no-user-header'
  const { pathname, search } = window.location
  if (!isSignedOut || pathname === '/sign-in') return
  window.location.assign(pagePaths.signIn(pathname + search))
}
