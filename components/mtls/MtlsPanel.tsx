'use client'

import { Skeleton, Tooltip, UnstyledButton } from '@mantine/core'
import { IconArrowRight, IconBan, IconLock, IconLockOpen, IconX } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { Failure } from '@/components/ui/messages/Failure'
import { Message } from '@/components/ui/messages/Message'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import type { Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { MtlsClient, MtlsNamespace, MtlsRow } from '@/lib/api/schemas/config/mtls'
import { nodeId } from '@/lib/mesh/identity'
import { PROTOCOL_NAMES } from '@/lib/mesh/traffic'
import { formatRatio } from '@/lib/units/ratio'
import { ModeChange } from './ModeChange'
import classes from './Mtls.module.css'
import type { MtlsView } from './mtls-view'
import { PathView } from './PathView'
import { StateMark } from './StateMark'
import { callerName, callerRate, MODE_WORDS, placeOfId } from './words'

/** Everything about what is chosen: why it stands as it does, who calls in plain text, and how to change it. */
export default function MtlsPanel({
  id,
  view,
  scope,
  onChange,
}: {
  id: string
  view: MtlsView
  scope: Scope
  onChange: (patch: Partial<MtlsView>) => void
}) {
  const place = placeOfId(id)
  const refetchInterval = useRefreshInterval()
  const isScope = place?.workload == null
  const summaries = useQuery({
    ...queries.mtlsNamespaces(scope),
    refetchInterval,
    placeholderData: keepPreviousData,
    enabled: isScope,
  })
  const rows = useQuery({
    ...queries.mtls({ ...scope, namespaces: [`${place?.cluster ?? ''}/${place?.namespace ?? ''}`] }),
    refetchInterval,
    placeholderData: keepPreviousData,
    enabled: !isScope,
  })
  const answer = isScope ? summaries : rows
  const { check, change } = useCheck(view, onChange)
  const close = () => onChange({ selected: null, mode: null })
  const summary = summaries.data?.items.find((item) => item.id === id)
  const row = rows.data?.items.find((item) => item.id === id)
  const time = { window: scope.window, at: scope.at }
  const head = (
    <header className={classes.head}>
      <div className={classes.headTop}>
        <span>{kindWords(place)}</span>
        <Tooltip label="Close">
          <UnstyledButton className={classes.close} onClick={close} aria-label="Close">
            <IconX size={16} aria-hidden />
          </UnstyledButton>
        </Tooltip>
      </div>
      <h2>{place?.port != null ? `${place.workload} port ${place.port}` : titleOf(place, id)}</h2>
      {place?.namespace ? (
        <div className={classes.links}>
          <Link
            href={pagePaths.graph({
              ...time,
              namespaces: [`${place.cluster}/${place.namespace}`],
              selected: place.workload
                ? nodeId({
                    cluster: place.cluster,
                    namespace: place.namespace,
                    kind: 'workload',
                    name: place.workload,
                  })
                : null,
            })}
            prefetch={false}
          >
            Show in the graph
          </Link>
          {place.workload ? (
            <Link
              href={pagePaths.item(
                'workloads',
                { cluster: place.cluster, namespace: place.namespace, name: place.workload },
                time,
              )}
              prefetch={false}
            >
              Workload
            </Link>
          ) : null}
        </div>
      ) : null}
    </header>
  )
  return (
    <div className={classes.panel} tabIndex={-1}>
      {head}
      {summary ? (
        <>
          <ScopeFacts summary={summary} />
          {summary.path ? (
            <Section
              title="The way to mutual TLS only"
              aside={`${summary.path.withProxy} of ${summary.path.workloads} with proxy`}
            >
              <PathView path={summary.path} onMode={check} />
            </Section>
          ) : null}
        </>
      ) : row ? (
        <RowFacts row={row} />
      ) : answer.error ? (
        <Failure error={answer.error} title="This cannot be shown" onRetry={() => void answer.refetch()} />
      ) : answer.data ? (
        <Message title="There is nothing of that name" action={{ label: 'Close', onClick: close }}>
          It may have been deleted, or lies outside the chosen namespaces.
        </Message>
      ) : (
        <div className={classes.skeleton} role="status" aria-label="Loading" aria-busy>
          {[60, 80, 40].map((width) => (
            <Skeleton key={width} height={10} width={`${width}%`} mb={14} radius="sm" />
          ))}
        </div>
      )}
      {place && (summary || row) ? (
        <Section title="Change the mode">
          {summary?.isRoot ? (
            <p className={plain.note}>
              Policies in {summary.namespace} are those of the whole mesh.{' '}
              <button
                type="button"
                className={plain.linkish}
                onClick={() => onChange({ selected: summary.cluster, mode: null })}
              >
                Go to the whole mesh
              </button>
            </p>
          ) : (
            <div ref={change} className={classes.change}>
              <ModeChange
                place={place}
                current={summary?.configured ?? row?.configured ?? null}
                view={view}
                onChange={onChange}
              />
            </div>
          )}
        </Section>
      ) : null}
    </div>
  )
}

/** A check that is asked for above is answered below everything else: it is brought into view, the focus with it. */
function useCheck({ mode }: MtlsView, onChange: (patch: Partial<MtlsView>) => void) {
  const change = useRef<HTMLDivElement>(null)
  const asked = useRef<MtlsView['mode']>(null)
  const show = () => {
    asked.current = null
    change.current?.scrollIntoView({ block: 'start' })
    change.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus({ preventScroll: true })
  }
  // the address takes the mode a moment later
  useEffect(() => {
    if (asked.current !== null && asked.current === mode) show()
  }, [mode])
  const check = (of: MtlsView['mode']) => {
    if (of === mode) return show()
    asked.current = of
    onChange({ mode: of })
  }
  return { check, change }
}

type Place = ReturnType<typeof placeOfId>

function kindWords(place: Place): string {
  if (!place) return 'Not a place'
  const { cluster, namespace, workload, port } = place
  if (namespace === null) return 'Mesh'
  if (workload === null) return `Namespace in ${cluster}`
  return port === null ? `Workload in ${cluster}/${namespace}` : `Port in ${cluster}/${namespace}`
}

function titleOf(place: Place, id: string): string {
  return place ? (place.workload ?? place.namespace ?? `Whole mesh (${place.cluster})`) : id
}

function ModeInWords({ mode }: { mode: MtlsRow['configured']['mode'] }) {
  if (mode === null) return <>not known</>
  return (
    <>
      <b>{mode}</b>: {MODE_WORDS[mode]}
    </>
  )
}

function ScopeFacts({ summary }: { summary: MtlsNamespace }) {
  const { configured, reason, observed, state } = summary
  return (
    <>
      <Section title="Configured and observed" aside={state ? <StateMark state={state} /> : null}>
        <dl className={classes.facts}>
          <dt>Configured</dt>
          <dd>
            <ModeInWords mode={configured.mode} />
          </dd>
          <dt>Observed</dt>
          <dd>{observedWords(observed.mtlsRatio, observed.plaintextCallers === null ? 'mesh' : null)}</dd>
        </dl>
        <p className={classes.reason}>{reason}</p>
      </Section>
      <Callers observed={observed} />
    </>
  )
}

function RowFacts({ row }: { row: MtlsRow }) {
  const { configured, effective, observed, dataPlane, clients, podsWithoutProxy, state } = row
  return (
    <>
      <Section title="Configured, effective, observed" aside={state ? <StateMark state={state} /> : null}>
        <dl className={classes.facts}>
          <dt>Configured</dt>
          <dd>
            <ModeInWords mode={configured.mode} />
          </dd>
          <dt>Effective</dt>
          <dd>
            {dataPlane === 'none' ? (
              <b>nothing is enforced: no proxy</b>
            ) : (
              <>
                <ModeInWords mode={effective.mode} />
                {dataPlane === 'ambient' ? ', by the node’s ztunnel' : ''}
              </>
            )}
          </dd>
          <dt>Observed</dt>
          <dd>
            {observedWords(
              observed.mtlsRatio,
              observed.plaintextCallers === null ? (row.port === null ? 'mesh' : 'port') : null,
            )}
          </dd>
        </dl>
        <p className={classes.reason}>{effective.reason}</p>
        {podsWithoutProxy.length > 0 && dataPlane !== 'none' ? (
          <p className={classes.small}>Without a proxy: {podsWithoutProxy.join(', ')}</p>
        ) : null}
      </Section>
      <Section title="What comes of a call">
        {clients === null ? (
          <p className={plain.note}>
            Not known: Heddle may not read{' '}
            {configured.mode === null
              ? 'PeerAuthentications, which decide it.'
              : 'DestinationRules, which have a say in it.'}
          </p>
        ) : (
          <ul className={classes.cases}>
            {clients.map((client) => (
              <li key={`${client.who} ${client.reason}`} data-meeting={client.meeting}>
                <CaseIcon meeting={client.meeting} />
                <span>{client.reason}</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Callers observed={observed} />
    </>
  )
}

const CASE_ICONS = {
  mutual: IconLock,
  plaintext: IconLockOpen,
  applicationTls: IconArrowRight,
  broken: IconBan,
}

function CaseIcon({ meeting }: Pick<MtlsClient, 'meeting'>) {
  const Icon = CASE_ICONS[meeting]
  return <Icon size={15} aria-hidden />
}

/** `unseen`: what nothing is known of, and so why. */
function observedWords(ratio: number | null, unseen: 'mesh' | 'port' | null): string {
  if (ratio !== null) return `${formatRatio(ratio)} by mutual TLS`
  if (unseen === 'mesh') return 'not known while Prometheus gives no figures'
  return unseen === 'port'
    ? 'not to be told: telemetry knows services and protocols, not ports'
    : 'nothing received in this window, or no proxy reported it'
}

function Callers({
  observed,
}: {
  observed: MtlsRow['observed'] & Partial<Pick<MtlsNamespace['observed'], 'plaintextCount'>>
}) {
  const { plaintextCallers: callers, mtlsRatio } = observed
  // of what received nothing nobody can say that plain text was not sent
  if (callers === null || (callers.length === 0 && mtlsRatio === null)) return null
  const count = observed.plaintextCount ?? callers.length
  return (
    <Section title="Plain-text callers" aside={count === 0 ? null : String(count)}>
      {callers.length === 0 ? (
        <p className={plain.note}>None seen in this window.</p>
      ) : (
        <ul className={classes.list} aria-label="Plain-text callers">
          {callers.map((caller) => (
            <li key={`${caller.cluster} ${callerName(caller)} ${caller.protocol}`} className={plain.row}>
              <span className={plain.grow} title={callerName(caller)}>
                {callerName(caller)} <span className={plain.quiet}>{PROTOCOL_NAMES[caller.protocol]}</span>
              </span>
              <span className="num">{callerRate(caller)}</span>
            </li>
          ))}
        </ul>
      )}
      {count > callers.length ? <p className={plain.note}>and {count - callers.length} more</p> : null}
      {callers.some(({ workload }) => workload === null) ? (
        <p className={plain.note}>
          A caller without a proxy proves no name. The pre-flight lists the workloads it may be.
        </p>
      ) : null}
    </Section>
  )
}
