'use client'

import { IconBug } from '@tabler/icons-react'
import { Message } from '@/components/ui/messages/Message'

export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset: () => void
}) {
  return (
    <main style={{ display: 'grid', minHeight: '70dvh' }}>
      <Message
        isAlert
        icon={<IconBug size={24} />}
        title="This page failed to draw"
        action={{ label: 'Draw it again', onClick: reset }}
      >
        {error.message}
        {error.digest ? ` (${error.digest})` : ''} The rest of Heddle works on.
      </Message>
    </main>
  )
}
