'use client'

import { MantineProvider } from '@mantine/core'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { cssVariables, theme } from '@/components/ui/theme'
import { ApiFailure } from '@/lib/api/fetch'
import { pagePaths } from '@/lib/api/paths'
import { keepFailures } from './keep-failures'

const TRIES = 2

function newClient(): QueryClient {
  const queryCache = new QueryCache({ onError: leaveWhenSignedOut })
  keepFailures(queryCache)
  return new QueryClient({
    queryCache,
    mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
    defaultOptions: {
      queries: {
        // old figures stay on screen, marked with their age, while newer ones are asked for
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) =>
          (error instanceof ApiFailure ? error.retryable : true) && failures < TRIES,
      },
    },
  })
}

/** A session that ended shows nothing any more; signing in leads back here. */
function leaveWhenSignedOut(error: Error): void {
  const isSignedOut = error instanceof ApiFailure && error.status === 401 && error.code !== 'no-user-header'
  const { pathname, search } = window.location
  if (!isSignedOut || pathname === '/sign-in') return
  window.location.assign(pagePaths.signIn(pathname + search))
}

export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  const [client] = useState(newClient)
  return (
    <QueryClientProvider client={client}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        deduplicateInlineStyles
        {...(nonce ? { getStyleNonce: () => nonce } : {})}
      >
        {children}
      </MantineProvider>
    </QueryClientProvider>
  )
}
