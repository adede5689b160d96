import { IconPlugConnectedX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ApiFailure } from '@/lib/api/fetch'
import { Message } from './Message'
import { failureTitle } from './failure-words'

/** What stands where an answer should: who failed, how, and another try where that may help. */
export function Failure({
  error,
  title,
  onRetry,
  children,
}: {
  error: Error
  title: string
  onRetry?: () => void
  children?: ReactNode
}) {
  const upstream = error instanceof ApiFailure ? error.upstream : null
  const canRetry = onRetry !== undefined && (error instanceof ApiFailure ? error.retryable : true)
  return (
    <Message
      isAlert
      icon={<IconPlugConnectedX size={24} />}
      title={upstream && error instanceof ApiFailure ? failureTitle(upstream, error.code) : title}
      action={canRetry ? { label: 'Try again', onClick: onRetry } : undefined}
    >
      {error.message}
      {children}
    </Message>
  )
}
