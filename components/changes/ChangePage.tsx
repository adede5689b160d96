'use client'

import { Button, Skeleton } from '@mantine/core'
import { IconArrowBackUp, IconMapSearch } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useState } from 'react'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { Callout } from '@/components/ui/messages/Callout'
import { DiffView, unifiedLines } from '@/components/ui/DiffView'
import { Failure } from '@/components/ui/messages/Failure'
import { Message } from '@/components/ui/messages/Message'
import { Page } from '@/components/ui/Page'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { ApiFailure } from '@/lib/api/fetch'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ChangeDetail } from '@/lib/api/schemas/config/changes'
import { ChangeStatusMark } from './ChangeStatusMark'
import classes from './Changes.module.css'
import { Author } from './columns'
import { EffectSection } from './EffectSection'
import { Instant } from './Instant'
import { useRevert } from './use-revert'
import { nameOf, OPERATION_WORDS } from './words'

const PENDING_POLL_MS = 5_000

/** One change of the history: who, when, why, what, and the way back. */
export function ChangePage({ id }: { id: string }) {
  const isHydrated = useHydrated()
  const answer = useQuery({
    ...queries.change(id),
    refetchInterval: ({ state }) => (state.data?.status === 'pending' ? PENDING_POLL_MS : false),
  })
  useReportFreshness(answer.dataUpdatedAt || null, answer.isFetching, answer.error)
  const change = isHydrated ? answer.data : undefined
  return (
    <Page
      above={<Link href={pagePaths.changes()}>Changes</Link>}
      title={change ? titleOf(change) : `Change ${id}`}
      beside={change ? <ChangeStatusMark status={change.status} /> : null}
      tools={change ? <RevertButton change={change} /> : null}
    >
      <div className={classes.scroll}>
        {change ? (
          <Change change={change} />
        ) : isHydrated && answer.error instanceof ApiFailure && answer.error.status === 404 ? (
          <Message icon={<IconMapSearch size={24} />} title="There is no such change">
            {answer.error.message}{' '}
            <Link href={pagePaths.changes()} prefetch={false} className={plain.linkish}>
              Show all changes
            </Link>
          </Message>
        ) : isHydrated && answer.error ? (
          <Failure
            error={answer.error}
            title="This change cannot be shown"
            onRetry={() => void answer.refetch()}
          />
        ) : (
          <div className={classes.loading} role="status" aria-label="Loading" aria-busy>
            <Skeleton height={14} width="30%" />
            <Skeleton height={240} mt={16} />
          </div>
        )}
      </div>
    </Page>
  )
}

function Change({ change }: { change: ChangeDetail }) {
  return (
    <>
      <Section title="Who, when, why">
        <dl className={classes.facts}>
          <dt>Who</dt>
          <dd>
            <Author change={change} />
          </dd>
          <dt>When</dt>
          <dd>
            <Instant at={change.at} />
          </dd>
          <dt>Why</dt>
          <dd className={classes.reason}>
            {change.reason ?? (change.knownBy === 'record' ? 'no reason given' : 'not told: made elsewhere')}
          </dd>
          {change.reverts === null ? null : (
            <>
              <dt>Takes back</dt>
              <dd>
                <Link href={pagePaths.change(change.reverts)} prefetch={false} className={classes.link}>
                  {change.reverts}
                </Link>
              </dd>
            </>
          )}
          {change.knownBy === 'record' ? (
            <>
              <dt>Record</dt>
              <dd className={classes.mono}>ConfigMap heddle-change-{change.id}</dd>
            </>
          ) : null}
        </dl>
        {change.knownBy === 'record' ? null : (
          <Callout kind="info">
            {change.knownBy === 'watch'
              ? 'Made with another tool and seen by Heddle, which keeps it in memory until it restarts.'
              : 'Made before Heddle watched: Kubernetes keeps who wrote last and when, not what was there before.'}
          </Callout>
        )}
      </Section>
      {change.knownBy === 'fields' ? null : <EffectSection change={change} />}
      {change.objects.map((object) => (
        <Section
          key={`${object.ref.group} ${nameOf(object.ref)}`}
          title={`${OPERATION_WORDS[object.op]} ${nameOf(object.ref)}`}
          aside={<ChangeStatusMark status={object.status} />}
        >
          {object.error ? (
            <Callout kind={object.status === 'skipped' ? 'info' : 'problem'}>{object.error.message}</Callout>
          ) : null}
          {object.diff === '' ? (
            <p className={classes.quiet}>
              {change.knownBy === 'fields'
                ? 'What it changed is not known.'
                : 'Nothing changed in this object.'}
            </p>
          ) : (
            <DiffView label={`Differences of ${nameOf(object.ref)}`} lines={unifiedLines(object.diff)} />
          )}
        </Section>
      ))}
    </>
  )
}

function RevertButton({ change }: { change: ChangeDetail }) {
  const [problem, setProblem] = useState<string | null>(null)
  const revert = useRevert(useQueryClient())
  const isKnown = change.objects.some(
    ({ status, before, after }) => status === 'applied' && (before !== null || after !== null),
  )
  if (!isKnown || change.status === 'pending') return null
  return (
    <>
      {problem === null ? null : (
        <span role="alert" className={classes.quiet}>
          {problem}
        </span>
      )}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconArrowBackUp size={14} aria-hidden />}
        onClick={() => void revert(change.id).catch((error: Error) => setProblem(error.message))}
      >
        Revert
      </Button>
    </>
  )
}

function titleOf(change: ChangeDetail): string {
  const [first, ...others] = change.objects
  if (!first) return `Change ${change.id}`
  const more = others.length > 0 ? ` and ${others.length} more` : ''
  return `${change.reverts === null ? '' : 'Revert: '}${OPERATION_WORDS[first.op]} ${nameOf(first.ref, false)}${more}`
}
