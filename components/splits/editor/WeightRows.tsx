'use client'

import { ActionIcon, Slider, TextInput, Tooltip } from '@mantine/core'
import { IconLock, IconLockOpen, IconTrash } from '@tabler/icons-react'
import { useRef } from 'react'
import { backendName } from '@/lib/istio/edit/split/backends'
import type { WeightProblem } from '@/lib/istio/edit/split/weights'
import { formatRatio } from '@/lib/units/ratio'
import { draftBackends, draftWeights, toggleLock, typeWeight, type Draft } from './draft'
import classes from './Editor.module.css'

/** One row a destination: its name, slider, number, share, lock. Typing and sliding keep the sum. */
export function WeightRows({
  draft,
  problems,
  before,
  onChange,
  onRemove,
}: {
  draft: Draft
  problems: readonly WeightProblem[]
  /** configured shares now, to be seen beside the new ones */
  before: readonly (number | null)[]
  onChange: (draft: Draft) => void
  onRemove: (place: number) => void
}) {
  // weights when a field was entered: others follow from there
  const from = useRef<number[] | null>(null)
  const begin = () => {
    from.current = draftWeights(draft)
  }
  const weights = draftWeights(draft)
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? 0
  return (
    <div className={classes.rows} role="group" aria-label="Weights">
      {draftBackends(draft).map((backend, place) => {
        const name = backendName(backend)
        const text = draft.typed[place] ?? ''
        const value = Number(text)
        const problem = problems.find((each) => each.place === place)
        const isLocked = draft.locked.includes(place)
        const share = weights && total > 0 ? (weights[place] ?? 0) / total : null
        const was = before[place] ?? null
        return (
          <div key={`${backend.host} ${backend.subset} ${place}`} className={classes.row}>
            <span
              className={classes.rowName}
              title={`${backend.host}${backend.subset ? ` subset ${backend.subset}` : ''}`}
            >
              {name}
            </span>
            <Slider
              className={classes.slider}
              size="sm"
              min={0}
              max={draft.sum}
              step={1}
              value={Number.isFinite(value) ? Math.min(draft.sum, Math.max(0, Math.round(value))) : 0}
              disabled={isLocked}
              thumbLabel={`Slide the weight of ${name}`}
              label={null}
              onFocus={begin}
              onPointerDown={begin}
              onChange={(next) => onChange(typeWeight(draft, place, String(next), from.current))}
              onChangeEnd={begin}
            />
            <TextInput
              className={classes.number}
              size="xs"
              inputMode="numeric"
              aria-label={`Weight of ${name}`}
              value={text}
              disabled={isLocked}
              error={problem?.message}
              onFocus={begin}
              onChange={(event) =>
                onChange(typeWeight(draft, place, event.currentTarget.value, from.current))
              }
            />
            <span className={`num ${classes.share}`}>
              {share === null ? '–' : formatRatio(share)}
              {was !== null && share !== null && Math.abs(was - share) > 1e-9 ? (
                <small> was {formatRatio(was)}</small>
              ) : null}
            </span>
            <Tooltip label={isLocked ? `Let ${name} change` : `Keep ${name} as it is while others change`}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={`Lock ${name}`}
                aria-pressed={isLocked}
                onClick={() => onChange(toggleLock(draft, place))}
              >
                {isLocked ? <IconLock size={14} aria-hidden /> : <IconLockOpen size={14} aria-hidden />}
              </ActionIcon>
            </Tooltip>
            <Tooltip label={text === '0' ? `Take ${name} out` : 'Set it to 0 before taking it out'}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={`Take out ${name}`}
                disabled={text !== '0' || draft.typed.length < 2}
                onClick={() => onRemove(place)}
              >
                <IconTrash size={14} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </div>
        )
      })}
    </div>
  )
}
