'use client'

import type { ComponentProps } from 'react'
import { PageFailure } from '@/components/ui/page-failure/PageFailure'

export default function PageError(props: ComponentProps<typeof PageFailure>) {
  return (
    <main style={{ display: 'grid', minHeight: '70dvh' }}>
      <PageFailure {...props} />
    </main>
  )
}
