'use client'

import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { KeyboardEvent } from 'react'
import { useChangeReview } from '@/components/changes/use-change-review'
import { useWriteAccess } from '@/components/hooks/use-write-access'
import { Callout } from '@/components/ui/messages/Callout'
import { apiPaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { MtlsRow, Preflight } from '@/lib/api/schemas/config/mtls'
import { MODE_CHOICES, type ModeChoice } from '@/lib/istio/edit/peer-authentication'
import classes from './Mtls.module.css'
import { PREFLIGHT_WINDOWS, type MtlsView, type PreflightWindow } from './mtls-view'
import { PreflightView } from './PreflightView'
import { CHOICE_WORDS } from './words'

interface Place {
  cluster: string
  namespace: string | null
  workload: string | null
  port: number | null
}

/** Choosing a mode for a place: nothing is written before its pre-flight was read and the change reviewed. */
export function ModeChange({
  place,
  current,
  view,
  onChange,
}: {
  place: Place
  current: MtlsRow['configured'] | null
  view: MtlsView
  onChange: (patch: Partial<MtlsView>) => void
}) {
  const { mode, over } = view
  return (
    <>
      <div
        className={classes.choices}
        role="radiogroup"
        aria-label="Mode"
        onKeyDown={(event) => moveChoice(event, mode, (next) => onChange({ mode: next }))}
      >
        {MODE_CHOICES.map((choice, index) => (
          <button
            key={choice}
            type="button"
            role="radio"
            aria-checked={mode === choice}
            tabIndex={mode === choice || (mode === null && index === 0) ? 0 : -1}
            className={classes.choice}
            onClick={() => onChange({ mode: choice })}
          >
            <b>
              {CHOICE_WORDS[choice].name}
              {isNow(choice, place, current) ? ' (now)' : ''}
            </b>
            <span>{CHOICE_WORDS[choice].meaning}</span>
          </button>
        ))}
      </div>
      {mode === null ? null : (
        <>
          <div className={classes.over}>
            <span>Look for callers over</span>
            <SegmentedControl
              size="xs"
              aria-label="How far back callers are looked for"
              value={over}
              onChange={(value) => onChange({ over: value as PreflightWindow })}
              data={[...PREFLIGHT_WINDOWS]}
            />
          </div>
          <Flight place={place} mode={mode} over={over} onDone={() => onChange({ mode: null })} />
        </>
      )}
    </>
  )
}

/** The mode is written at this very place, rather than inherited. */
function isNow(choice: ModeChoice, place: Place, current: MtlsRow['configured'] | null): boolean {
  // without a mode it is not known who sets it
  if (!current || current.mode === null) return false
  if (current.source === null) return choice === 'UNSET'
  const isOwn =
    place.namespace === null || (place.workload === null && current.source.namespace === place.namespace)
  return isOwn && choice === current.mode
}

function moveChoice(event: KeyboardEvent, mode: ModeChoice | null, choose: (mode: ModeChoice) => void): void {
  const step =
    event.key === 'ArrowRight' || event.key === 'ArrowDown'
      ? 1
      : event.key === 'ArrowLeft' || event.key === 'ArrowUp'
        ? -1
        : 0
  if (step === 0) return
  event.preventDefault()
  const at = mode === null ? 0 : MODE_CHOICES.indexOf(mode)
  const next = (at + step + MODE_CHOICES.length) % MODE_CHOICES.length
  const choice = MODE_CHOICES[next]
  if (!choice) return
  choose(choice)
  const radios = event.currentTarget.querySelectorAll<HTMLElement>('[role="radio"]')
  radios[next]?.focus()
}

function Flight({
  place,
  mode,
  over,
  onDone,
}: {
  place: Place
  mode: ModeChoice
  over: PreflightWindow
  onDone: () => void
}) {
  const { cluster, namespace, workload, port } = place
  const answer = useQuery({
    ...queries.mtlsPreflight({
      scope: {
        cluster,
        ...(namespace === null ? {} : { namespace }),
        ...(workload === null ? {} : { workload }),
        ...(port === null ? {} : { port }),
      },
      mode,
      window: over,
    }),
    // a refused question stays refused
    retry: false,
  })
  const { canWrite, whyNot } = useWriteAccess()
  const client = useQueryClient()
  const { review } = useChangeReview()
  const preflight = answer.data
  if (answer.error && !preflight) {
    return (
      <div className={classes.verdict}>
        <Callout kind="problem" title="The pre-flight could not be made">
          {answer.error.message}{' '}
          <Button size="compact-xs" variant="default" onClick={() => void answer.refetch()}>
            Try again
          </Button>
        </Callout>
      </div>
    )
  }
  if (!preflight) {
    return (
      <div className={classes.verdict} role="status" aria-label="Looking for callers" aria-busy>
        {[92, 70, 84].map((width) => (
          <Skeleton key={width} height={12} width={`${width}%`} radius="sm" />
        ))}
      </div>
    )
  }
  const name = placeName(place)
  const what = mode === 'UNSET' ? `Let ${name} inherit its mode` : `Set ${mode} on ${name}`
  const start = () => {
    const isAdvised = preflight.verdict === 'safe'
    const text = namespace ?? cluster
    review({
      title: what,
      changes: preflight.edit,
      confirmLabel: what,
      ...(isAdvised
        ? {}
        : {
            warning: warningOf(preflight),
            typeToConfirm: {
              text,
              why: `The pre-flight advises against it. Type the name of the ${namespace === null ? 'cluster' : 'namespace'} to go on.`,
            },
          }),
      onApplied: () => {
        // every answer about modes and their traffic is out of date now
        void client.invalidateQueries({
          predicate: ({ queryKey: [url] }) => typeof url === 'string' && url.startsWith(apiPaths.mtls()),
        })
        onDone()
      },
    })
  }
  const hasNothing = preflight.edit.length === 0
  return (
    <>
      <PreflightView preflight={preflight} />
      <div className={classes.apply}>
        <Button
          size="xs"
          color={preflight.verdict === 'breaks' ? 'red' : undefined}
          variant={preflight.verdict === 'safe' ? 'filled' : 'outline'}
          disabled={!canWrite || hasNothing}
          onClick={start}
        >
          Review: {what}
        </Button>
        {hasNothing ? (
          <span className={classes.small}>Nothing to write: it stands like that already.</span>
        ) : whyNot ? (
          <span className={classes.small}>{whyNot}</span>
        ) : (
          <span className={classes.small}>Nothing is written before the review.</span>
        )}
      </div>
    </>
  )
}

function placeName({ cluster, namespace, workload, port }: Place): string {
  if (namespace === null) return `the whole mesh of ${cluster}`
  if (workload === null) return namespace
  return port === null ? `${namespace}/${workload}` : `port ${port} of ${namespace}/${workload}`
}

function warningOf({ verdict, callers, evidence }: Preflight): string {
  if (verdict === 'insufficient') return `Not enough evidence. ${evidence.reasons[0] ?? ''}`
  const rate = callers.reduce((sum, { requestsPerSecond }) => sum + (requestsPerSecond ?? 0), 0)
  const figure = rate > 0 ? ` They send ${rate.toPrecision(3)} requests/s now.` : ''
  return `${evidence.reasons[0] ?? ''}${figure}`
}
