'use client'

import { IconBug } from '@tabler/icons-react'
import { drawFailure } from './draw-failure'
import { Message } from '../messages/Message'

/** In place of a page that could not be drawn: why, and how to go on. */
export function PageFailure({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const { title, text, canDrawAgain } = drawFailure(error)
  return (
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
  )
}
