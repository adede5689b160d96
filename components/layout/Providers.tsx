'use client'

import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { cssVariables, theme } from '@/components/ui/theme'
import { ApiFailure } from '@/lib/api/fetch'

const TRIES = 2

function newClient(): QueryClient {
  return new QueryClient({
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
