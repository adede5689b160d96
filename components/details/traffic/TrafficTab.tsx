'use client'

import { VisuallyHidden } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { NOT_MEASURED_WORDS } from '@/components/ui/health/health-words'
import { isUnmeasured } from '@/lib/api/notice-codes'
import { queries } from '@/lib/api/queries'
import { formatCount } from '@/lib/units/number'
import classes from '../Details.module.css'
import { PeerTable } from './PeerTable'
import type { TabProps } from '../tabs'
import { TrafficTable } from './TrafficTable'
import { AnswersByPeer } from './AnswersByPeer'

/** Who calls it and whom it calls, and how that ends. */
export default function TrafficTab({ detail, kind, scope }: TabProps) {
  const { item } = detail
  const { edges, edgesTotal, all } = useEdges({ detail, kind, scope })
  const sides = useMemo(
    () => ({
      in: edges.filter(({ target }) => target === item.id),
      out: edges.filter(({ source }) => source === item.id),
    }),
    [edges, item.id],
  )
  const whenNone = isUnmeasured(detail.notices) ? NOT_MEASURED_WORDS : undefined
  return (
    <div className={classes.main}>
      <VisuallyHidden role="status">
        {all.isRead ? 'All that call it and all that it calls have been read.' : null}
      </VisuallyHidden>
      <div className={classes.card}>
        <Section title="In and out">
          <TrafficTable
            inbound={item.inbound}
            outbound={item.outbound}
            health={item.health}
            whenNone={whenNone}
          />
        </Section>
      </div>
      {(['in', 'out'] as const).map((direction) => {
        const own = sides[direction]
        const total = direction === 'in' ? edgesTotal.inbound : edgesTotal.outbound
        return (
          <div className={classes.card} key={direction}>
            <PeerTable
              id={item.id}
              edges={own}
              total={total}
              direction={direction}
              scope={scope}
              whenNone={whenNone}
            >
              {own.length < total ? (
                <p className={plain.note}>
                  {formatCount(own.length)} of {formatCount(total)} are here: what fails first, then the
                  busiest.{' '}
                  {/* not `disabled`, which would take the focus away from who may have to press it again */}
                  <button
                    type="button"
                    className={plain.more}
                    aria-disabled={all.isAwaited}
                    onClick={all.ask}
                  >
                    {all.isAwaited ? 'Reading…' : `Read all ${formatCount(total)}`}
                  </button>
                  {all.error ? <span role="alert"> {all.error.message}</span> : null}
                </p>
              ) : null}
            </PeerTable>
            <AnswersByPeer id={item.id} edges={own} total={total} direction={direction} />
          </div>
        )
      })}
    </div>
  )
}

/** The edges that come with the page, the first of very many, until a reader asks for all. */
function useEdges({ detail, kind, scope }: TabProps) {
  const { item, edges, edgesTotal } = detail
  const [wantedOf, setWantedOf] = useState<string | null>(null)
  const isWanted = wantedOf === item.id
  const answer = useQuery({
    ...queries.item(kind, item, { window: scope.window, at: scope.at, edges: 'all' }),
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
    enabled: isWanted,
  })
  // what is kept from before may be another's
  const whole = isWanted && answer.data?.item.id === item.id ? answer.data : undefined
  return {
    edges: whole?.edges ?? edges,
    edgesTotal: whole?.edgesTotal ?? edgesTotal,
    all: {
      ask: () => (isWanted ? void answer.refetch() : setWantedOf(item.id)),
      isRead: whole !== undefined,
      isAwaited: isWanted && answer.isFetching && !whole,
      error: isWanted ? answer.error : null,
    },
  }
}
