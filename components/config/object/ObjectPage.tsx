'use client'

import { IconMapSearch } from '@tabler/icons-react'
import { Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { PageLink as Link } from '@/components/layout/PageLink'
import details from '@/components/details/Details.module.css'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import { Callout } from '@/components/ui/messages/Callout'
import { CopyButton } from '@/components/ui/CopyButton'
import { Failure } from '@/components/ui/messages/Failure'
import { Message } from '@/components/ui/messages/Message'
import { Notices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import { ApiFailure } from '@/lib/api/fetch'
import { pagePaths, type ConfigAddress } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ConfigDetail } from '@/lib/api/schemas/config/changes'
import type { ConfigObject } from '@/lib/mesh/inventory'
import classes from '../Config.module.css'
import { kindWords } from '../kind-words'
import { Affected } from './Affected'
import { Conditions } from './Conditions'
import { Events } from './Events'
import { Facts } from './Facts'
import { History } from './History'
import { LiveFindings } from './LiveFindings'
import { NearObjects } from './NearObjects'
import { References } from './References'

const ObjectEditor = dynamic(() => import('../edit/ObjectEditor'), {
  ssr: false,
  loading: () => <TextSkeleton />,
})

/** One object of configuration in full: its text, what it touches, and what was done to it. */
export function ObjectPage({ address }: { address: ConfigAddress }) {
  const [view] = useView()
  const scope = scopeOf(view)
  const refetchInterval = useRefreshInterval()
  const answer = useQuery({
    ...queries.configObject(address),
    refetchInterval,
    placeholderData: keepPreviousData,
  })
  useReportFreshness(answer.dataUpdatedAt || null, answer.isFetching, answer.error)
  const detail = answer.data
  const isGone = answer.error instanceof ApiFailure && answer.error.status === 404
  return (
    <Page
      title={address.name}
      above={
        <>
          <Link href={pagePaths.config(scope)} prefetch={false}>
            Configuration
          </Link>{' '}
          / {address.cluster}
          {address.namespace === '' ? null : ` / ${address.namespace}`}
        </>
      }
      beside={
        <>
          <span className={classes.kind}>{detail ? kindWords(detail.ref) : address.resource}</span>
          <CopyButton text={nameFor(address)} label="Copy its name for kubectl" />
        </>
      }
    >
      <div className={details.body}>
        {isGone ? (
          <Message
            icon={<IconMapSearch size={24} />}
            isAlert={detail !== undefined}
            title={`There is no such object${detail ? ' any more' : ''}`}
          >
            {answer.error?.message}
            {detail ? null : <NearObjects address={address} scope={scope} />}
          </Message>
        ) : null}
        {detail ? (
          <Content detail={detail} isOld={answer.isRefetchError && !isGone ? answer.error.message : null} />
        ) : answer.error && !isGone ? (
          <Failure
            error={answer.error}
            title="This object cannot be shown"
            onRetry={() => void answer.refetch()}
          />
        ) : isGone ? null : (
          <div className={details.columns} role="status" aria-label="Loading" aria-busy>
            <div className={details.main}>
              <div className={details.card}>
                <TextSkeleton />
              </div>
            </div>
          </div>
        )}
      </div>
    </Page>
  )
}

function Content({ detail, isOld }: { detail: ConfigDetail; isOld: string | null }) {
  const context = useQuery({
    ...queries.configContext(detail.ref),
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
  const around = context.data
  // the API server's own answer: metadata with a name was checked where it was read
  const object = detail.object as unknown as ConfigObject
  return (
    <>
      {isOld === null ? null : (
        <Notices notices={[{ code: 'stale', message: `This is what was read last: ${isOld}` }]} />
      )}
      <Notices notices={around?.notices ?? []} isKnown={around !== undefined} />
      {detail.owner ? (
        <Callout kind="warning" title={`${detail.owner.tool} keeps this object`}>
          What is changed here is put back by {detail.owner.tool}
          {detail.owner.name ? ` (${detail.owner.name})` : ''}; known by {detail.owner.evidence}.
        </Callout>
      ) : null}
      <div className={details.columns}>
        <div className={details.main}>
          <div className={details.card}>
            <ObjectEditor key={answerKey(detail.ref)} detail={detail} context={around} />
          </div>
          {detail.ref.group === '' ? (
            <div className={details.card}>
              <LiveFindings of={detail.ref} />
            </div>
          ) : null}
          <div className={details.card}>
            <Affected context={around} error={context.error} />
          </div>
          <div className={details.card}>
            <History object={detail.ref} />
          </div>
        </div>
        <div className={details.side}>
          <div className={details.card}>
            <Facts detail={detail} object={object} />
          </div>
          <div className={details.card}>
            <References context={around} error={context.error} />
          </div>
          <div className={details.card}>
            <Conditions object={object} />
            <Events context={around} error={context.error} />
          </div>
        </div>
      </div>
    </>
  )
}

/** Another object is another editor, with a text and a draft of its own. */
function answerKey({ cluster, group, kind, namespace, name }: ConfigDetail['ref']): string {
  return [cluster, group, kind, namespace, name].join('/')
}

function TextSkeleton() {
  return (
    <div
      className={details.skeleton}
      // of the editor with what stands above and below it
      style={{ minHeight: 'calc(min(62vh, 720px) + 137px)' }}
      role="status"
      aria-label="Loading"
      aria-busy
    >
      {Array.from({ length: 18 }, (_, line) => (
        <Skeleton key={line} height={10} width={`${30 + ((line * 23) % 45)}%`} radius="sm" />
      ))}
    </div>
  )
}

/** `virtualservices.networking.istio.io/reviews -n bookinfo` */
function nameFor({ resource, group, namespace, name }: ConfigAddress): string {
  const kind = group === '' ? resource : `${resource}.${group}`
  return `${kind}/${name}${namespace === '' ? '' : ` -n ${namespace}`}`
}
