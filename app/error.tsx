'use client'

import { IconBug } from '@tabler/icons-react'
import { drawFailure } from '@/components/ui/messages/draw-failure'
import { Message } from '@/components/ui/messages/Message'

export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset: () => void
}) {
  const { title, text, canDrawAgain } = drawFailure(error)
  return (
    <main style={{ display: 'grid', minHeight: '70dvh' }}>
      <Message
        isAlert
        icon={<IconBug size={24} />}
        title={title}
        action={
          canDrawAgain
            ? { label: 'Draw it again', onClick: reset }
            : { label: 'Load the page again', onClick: () => window.location.reload() }
        }
      >
        {text}
      </Message>
    </main>
  )
}
