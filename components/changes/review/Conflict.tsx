'use client'

import { Button, SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'
import { Callout } from '@/components/ui/messages/Callout'
import type { DiffViewLine } from '@/components/ui/DiffView'
import { DiffView } from '@/components/ui/DiffView'
import type { ChangeItem, ConflictVersions } from '@/lib/api/schemas/config/changes'
import { yamlOf } from '@/lib/changes/text/content-yaml'
import type { Clash, Side } from '@/lib/changes/difference/rebase'
import { lineDiff } from '@/lib/changes/text/unified-diff'
import { nameOf } from '../words'
import { clashesOf, content, withRebased } from './rebased-item'
import classes from './Review.module.css'

/** Somebody else was faster: the three versions side by side, and the way to put mine onto theirs. */
export function Conflict({
  versions,
  items,
  message,
  onRebased,
  onClose,
}: {
  versions: ConflictVersions
  items: readonly ChangeItem[]
  message: string
  onRebased: (items: ChangeItem[]) => void
  onClose: () => void
}) {
  const [choices, setChoices] = useState<Readonly<Record<string, Side>>>({})
  const clashes = useMemo(() => clashesOf(versions), [versions])
  const { base, theirs, mine, ref } = versions
  const texts = useMemo(() => [base, theirs, mine].map(textOf), [base, theirs, mine])
  const [baseText = '', theirText = '', myText = ''] = texts
  return (
    <>
      <div className={classes.part}>
        <Callout kind="warning" title={`${nameOf(ref)} is not the one you began with`}>
          {message}
        </Callout>
        <div className={classes.versions}>
          <Version
            title="As you found it"
            lines={base === null ? null : lineDiff(baseText, baseText).map(toLine)}
            absent="Not known any more."
          />
          <Version
            title="Theirs: as it is now"
            lines={
              theirs === null ? null : lineDiff(base === null ? theirText : baseText, theirText).map(toLine)
            }
            absent="Deleted."
          />
          <Version
            title="Mine: as I want it"
            lines={mine === null ? null : lineDiff(base === null ? theirText : baseText, myText).map(toLine)}
            absent="Deleted."
          />
        </div>
        {clashes.length > 0 ? (
          <section className={classes.section} aria-label="Changed by both">
            <h3 className={classes.head}>
              Changed by both, in {clashes.length} {clashes.length === 1 ? 'place' : 'places'}: choose
            </h3>
            {clashes.map((clash) => (
              <ClashChoice
                key={clash.path}
                clash={clash}
                side={choices[clash.path] ?? 'theirs'}
                onSide={(side) => setChoices((last) => ({ ...last, [clash.path]: side }))}
              />
            ))}
          </section>
        ) : null}
        <p className={classes.note}>{nextStep(versions, clashes.length)}</p>
      </div>
      <footer className={classes.footer}>
        <span className={classes.spacer} />
        <Button variant="default" size="xs" onClick={onClose}>
          Leave it as theirs
        </Button>
        <Button size="xs" onClick={() => onRebased(withRebased(items, versions, choices))}>
          {theirs === null ? 'Preview creating it again' : 'Preview mine on theirs'}
        </Button>
      </footer>
    </>
  )
}

function nextStep({ base, theirs, mine }: ConflictVersions, clashes: number): string {
  if (theirs === null) return 'It was deleted meanwhile. Yours can be created again, through a new preview.'
  if (mine === null) return 'You wanted to delete it. The next preview shows what would go now.'
  if (base === null)
    return 'Where you began is not known, so the next preview shows yours against theirs as a whole.'
  return clashes === 0
    ? 'Your changes and theirs are in different places: they can be joined. The next preview shows the result; nothing is written before.'
    : 'Everything else can be joined. The next preview shows the result; nothing is written before.'
}

function Version({
  title,
  lines,
  absent,
}: {
  title: string
  lines: readonly DiffViewLine[] | null
  absent: string
}) {
  return (
    <section className={classes.version} aria-label={title}>
      <h3 className={classes.head}>{title}</h3>
      {lines === null ? (
        <p className={classes.note}>{absent}</p>
      ) : (
        <DiffView label={`${title}, YAML`} lines={lines} />
      )}
    </section>
  )
}

function ClashChoice({ clash, side, onSide }: { clash: Clash; side: Side; onSide: (side: Side) => void }) {
  return (
    <div className={classes.clash}>
      <div className={classes.clashText}>
        <div className={classes.mono}>{clash.path}</div>
        <div className={classes.note}>
          was {short(clash.base)}, theirs {short(clash.theirs)}, mine {short(clash.mine)}
        </div>
      </div>
      <SegmentedControl
        size="xs"
        aria-label={`Which side stands at ${clash.path}`}
        value={side}
        onChange={(value) => onSide(value === 'mine' ? 'mine' : 'theirs')}
        data={[
          { value: 'theirs', label: 'Theirs' },
          { value: 'mine', label: 'Mine' },
        ]}
      />
    </div>
  )
}

const MOST_CHARS = 80

function short(value: unknown): string {
  if (value === undefined) return 'absent'
  const text = JSON.stringify(value)
  return text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS)}…` : text
}

function textOf(object: Record<string, unknown> | null): string {
  return object === null ? '' : yamlOf(content(object))
}

function toLine([mark, text]: readonly [' ' | '-' | '+', string]): DiffViewLine {
  return { mark, text }
}
