'use client'

import { Button, Checkbox, Select, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useChangeReview } from '@/components/changes/use-change-review'
import { useWriteAccess } from '@/components/hooks/use-write-access'
import { Callout } from '@/components/ui/messages/Callout'
import { Failure } from '@/components/ui/messages/Failure'
import { Section } from '@/components/ui/Section'
import { queries } from '@/lib/api/queries'
import type { ChangeItem } from '@/lib/api/schemas/config/changes'
import type { Split } from '@/lib/api/schemas/config/splits'
import { isSameContent } from '@/lib/changes/content'
import { backendName, withoutBackend } from '@/lib/istio/edit/split/backends'
import { presets } from '@/lib/istio/edit/split/weights'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { patchItem, refOfSplit } from '../change-items'
import { objectName } from '../words'
import {
  draftBackends,
  draftProblems,
  draftResult,
  draftWeights,
  inPercent,
  setAll,
  startDraft,
  withObject,
  type Draft,
} from './draft'
import classes from './Editor.module.css'
import { useDraft } from './use-draft'
import { WeightRows } from './WeightRows'

const RuleExtras = dynamic(() => import('./RuleExtras'), {
  ssr: false,
  loading: () => <div className={classes.extrasRoom} />,
})

/** The edit of one weighted route: weights, destinations, testers, mirror; applied through the review. */
export function WeightEditor({
  split,
  onApplied,
}: {
  split: Split
  /** `path`: where the rule is now; one put before it moves it down */
  onApplied: (path: string) => void
}) {
  const ref = refOfSplit(split)
  const answer = useQuery({ ...queries.configObject(ref), staleTime: 0 })
  const [kept, setDraft] = useDraft(split.id)
  if (!answer.data) {
    return answer.error ? (
      <Failure
        error={answer.error}
        title={`${objectName(split)} cannot be read`}
        onRetry={() => void answer.refetch()}
      />
    ) : (
      // of two versions, as most have
      <Skeleton height={304} />
    )
  }
  // the API answers with Kubernetes objects
  const object = answer.data.object as unknown as ConfigObject
  const draft = kept ?? startDraft(object, split.path)
  if (!draft) {
    return <Callout kind="problem">The rule is not in {objectName(split)} any more.</Callout>
  }
  return (
    <Editing
      split={split}
      draft={draft}
      isEdited={kept !== null}
      now={object}
      onDraft={setDraft}
      onApplied={onApplied}
    />
  )
}

function Editing({
  split,
  draft,
  isEdited,
  now,
  onDraft,
  onApplied,
}: {
  split: Split
  draft: Draft
  isEdited: boolean
  /** the object as the cluster holds it */
  now: ConfigObject
  onDraft: (draft: Draft | null) => void
  onApplied: (path: string) => void
}) {
  const { review } = useChangeReview()
  const { canWrite, whyNot } = useWriteAccess()
  const [refusal, setRefusal] = useState<string | null>(null)
  const backends = draftBackends(draft)
  const baseline = split.baseline?.place ?? 0
  const otherPlaces = backends.map((_, place) => place).filter((place) => place !== baseline)
  const [chosenCanary, setCanary] = useState<number | null>(null)
  const canary = otherPlaces.includes(chosenCanary ?? -1) ? (chosenCanary ?? 0) : (otherPlaces[0] ?? baseline)
  const missing = missingSubsets(split, draft)
  const problems = draftProblems(draft, missing)
  const general = problems.find(({ place }) => place === null)
  const weights = draftWeights(draft)
  const result = draftResult(draft)
  const own = 'object' in result ? patchItem(refOfSplit(split), draft.base, result.object, split.path) : null
  const items: ChangeItem[] = [...draft.also, ...(own ? [own] : [])]
  const isOutdated = isEdited && !isSameContent(draft.base, now)
  const change = (next: Draft | { problem: string }) => {
    setRefusal('problem' in next ? next.problem : null)
    if (!('problem' in next)) onDraft(next)
  }
  const apply = () =>
    review({
      title: `Shift traffic of ${split.host}`,
      changes: items,
      ...(split.shadow ? { warning: `${split.shadow.why} These weights move nothing.` } : {}),
      confirmLabel: 'Shift traffic',
      onApplied: ({ status }) => {
        if (status !== 'applied') return
        onDraft(null)
        onApplied(draft.path)
      },
    })
  return (
    <Section title="Weights" aside={isEdited ? 'edited, not applied yet' : null}>
      {isOutdated ? (
        <Callout kind="warning" title="The object was changed since this edit began">
          Applying it shows both versions side by side, and nothing of either is lost.{' '}
          <Button size="compact-xs" variant="default" onClick={() => onDraft(null)}>
            Start again from what it is now
          </Button>
        </Callout>
      ) : null}
      <WeightRows
        draft={draft}
        problems={problems}
        before={backends.map((_, place) => split.backends[place]?.configuredShare ?? 0)}
        onChange={change}
        onRemove={(place) => change(withObject(draft, withoutBackend(draft.object, draft.path, place)))}
      />
      <div className={classes.presets} role="group" aria-label="Presets">
        {otherPlaces.length > 1 ? (
          <Select
            size="xs"
            w={150}
            aria-label="Version the presets shift to"
            allowDeselect={false}
            data={otherPlaces.map((place) => {
              const backend = backends[place]
              return { value: String(place), label: backend ? backendName(backend) : '' }
            })}
            value={String(canary)}
            onChange={(value) => setCanary(Number(value))}
          />
        ) : (
          <span>{nameAt(backends, canary)}</span>
        )}
        <span>/ {nameAt(backends, baseline)}</span>
        {weights
          ? presets(weights, { baseline, canary, sum: draft.sum, locked: new Set(draft.locked) }).map(
              (preset) => (
                <Button
                  key={preset.id}
                  size="compact-xs"
                  variant="default"
                  onClick={() => change(setAll(draft, preset.weights))}
                >
                  {preset.name}
                </Button>
              ),
            )
          : null}
      </div>
      <div className={classes.line}>
        <Checkbox
          size="xs"
          label={`Keep the sum at ${draft.sum}`}
          checked={draft.keepsSum}
          onChange={(event) => {
            const sum = weights?.reduce((total, weight) => total + weight, 0) ?? 0
            change({ ...draft, keepsSum: event.currentTarget.checked, sum: sum > 0 ? sum : draft.sum })
          }}
        />
        {draft.sum !== 100 ? (
          <Button size="compact-xs" variant="default" onClick={() => change(inPercent(draft))}>
            Write the weights in percent
          </Button>
        ) : null}
      </div>
      <RuleExtras split={split} draft={draft} onChange={change} />
      {general ? (
        <p className={classes.problem} role="alert">
          {general.message}
        </p>
      ) : null}
      {refusal ? (
        <p className={classes.problem} role="alert">
          {refusal}
        </p>
      ) : null}
      <div className={classes.line}>
        <Button size="xs" disabled={!canWrite || problems.length > 0 || items.length === 0} onClick={apply}>
          Review and apply
        </Button>
        <Button size="xs" variant="default" disabled={!isEdited} onClick={() => onDraft(null)}>
          Discard the edit
        </Button>
        {whyNot ? <span>{whyNot}</span> : null}
      </div>
    </Section>
  )
}

function nameAt(backends: ReturnType<typeof draftBackends>, place: number): string {
  const backend = backends[place]
  return backend ? backendName(backend) : ''
}

/** Places whose subset no destination rule defines; one that this very edit adds is defined. */
function missingSubsets(split: Split, draft: Draft): Set<number> {
  const added = JSON.stringify(draft.also)
  return new Set(
    draftBackends(draft).flatMap((backend, place) => {
      if (backend.subset === null) return []
      const known = split.backends.find((one) => one.subset === backend.subset)
      return known?.isSubsetDefined === false && !added.includes(JSON.stringify(backend.subset))
        ? [place]
        : []
    }),
  )
}
