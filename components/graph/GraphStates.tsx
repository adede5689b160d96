'use client'

import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { IconAffiliate, IconPlugConnectedX } from '@tabler/icons-react'
import type { View } from '@/components/hooks/address/view-state'
import { areOld } from '@/components/hooks/use-freshness'
import { Message } from '@/components/ui/messages/Message'
import { failureTitle } from '@/components/ui/messages/failure-words'
import { ApiFailure } from '@/lib/api/fetch'
import classes from './GraphStates.module.css'
import { emptyWords } from './near/empty-words'
import type { GraphFeed } from './use-graph-feed'

const UnknownFocus = dynamic(() => import('./near/UnknownFocus'), { ssr: false })

/** What stands where no graph can: still loading, refused, or nothing to draw. */
export function GraphStates({
  feed,
  view,
  setView,
}: {
  feed: GraphFeed
  view: View
  setView: (patch: Partial<View>) => void
}) {
  if (feed.graph) return <EmptyGraph view={view} setView={setView} isOld={areOld(feed.notices)} />
  const failure = feed.error ?? null
  if (failure) {
    const upstream = failure instanceof ApiFailure ? failure.upstream : null
    const canRetry = failure instanceof ApiFailure ? failure.retryable : true
    return (
      <Message
        isAlert
        icon={<IconPlugConnectedX size={24} />}
        title={
          upstream && failure instanceof ApiFailure
            ? failureTitle(upstream, failure.code)
            : 'The graph cannot be shown'
        }
        action={
          canRetry
            ? { label: 'Try again', onClick: feed.retry }
            : {
                label: 'Back to the defaults',
                onClick: () => setView({ namespaces: [], window: '2m', at: null, focus: null }),
              }
        }
      >
        {failure.message}
      </Message>
    )
  }
  // the live feed is open and says why nothing comes through it
  const said = feed.notices.find((notice) => notice.upstream)
  if (said?.upstream) {
    return (
      <Message
        isAlert
        icon={<IconPlugConnectedX size={24} />}
        title={failureTitle(said.upstream, said.code)}
        action={{ label: 'Try again', onClick: feed.retry }}
      >
        {said.message}
      </Message>
    )
  }
  return <GraphSkeleton words={feed.notices[0]?.message ?? 'Reading traffic'} />
}

function EmptyGraph({
  view,
  setView,
  isOld,
}: {
  view: View
  setView: (patch: Partial<View>) => void
  isOld: boolean
}) {
  const where =
    view.focus !== null
      ? 'around the chosen node'
      : view.namespaces.length === 0
        ? 'in any namespace'
        : `in ${view.namespaces.join(', ')}`
  const action =
    view.focus !== null
      ? { label: 'Show the whole graph', onClick: () => setView({ focus: null }) }
      : view.namespaces.length > 0
        ? { label: 'Show all namespaces', onClick: () => setView({ namespaces: [] }) }
        : view.at !== null
          ? { label: 'Back to live', onClick: () => setView({ at: null }) }
          : view.window === '1h' || view.idle
            ? undefined
            : { label: 'Look at the last hour', onClick: () => setView({ window: '1h' }) }
  const message = (
    <Message icon={<IconAffiliate size={24} />} title={`No traffic ${where}`} action={action}>
      {emptyWords(view, isOld)}
    </Message>
  )
  if (view.focus === null) return message
  return (
    <UnknownFocus id={view.focus} view={view} onWhole={() => setView({ focus: null, selected: null })}>
      {message}
    </UnknownFocus>
  )
}

const SPOTS = [
  { x: 12, y: 46 },
  { x: 32, y: 26 },
  { x: 32, y: 64 },
  { x: 54, y: 16 },
  { x: 54, y: 46 },
  { x: 54, y: 76 },
  { x: 76, y: 32 },
  { x: 76, y: 62 },
]

function GraphSkeleton({ words }: { words: string }) {
  return (
    <div className={classes.skeleton} role="status">
      {SPOTS.map(({ x, y }) => (
        <div key={`${x} ${y}`} className={classes.spot} style={{ left: `${x}%`, top: `${y}%` }}>
          <Skeleton circle height={46} width={46} />
          <Skeleton height={9} width={72} mt={8} radius="sm" />
        </div>
      ))}
      <span className={classes.words}>{words}</span>
    </div>
  )
}
