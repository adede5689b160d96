'use client'

import { Button, Loader } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useState } from 'react'
import { Callout } from '@/components/ui/messages/Callout'
import { pagePaths } from '@/lib/api/paths'
import type { AppliedObject, ChangeStatus } from '@/lib/api/schemas/config/changes'
import { useRevert } from '../use-revert'
import { nameOf, STATUS_WORDS } from '../words'
import classes from './Review.module.css'
import type { Outcome } from './use-review'
import { verdictOf } from './verdict'

/** What became of the change, object by object, and the way back. */
export function OutcomeView({
  outcome,
  title,
  onAgain,
  onClose,
}: {
  outcome: Outcome
  title: string
  onAgain: () => void
  onClose: () => void
}) {
  const result = resultOf(outcome)
  if (!result) {
    const isOver = outcome.kind === 'lost' && outcome.isSearchOver
    return (
      <>
        <div className={classes.part}>
          <Callout kind="warning" title="The answer was lost: whether it was applied is not known">
            {isOver
              ? 'No change of this name was recorded. Every change is recorded before it is applied, so nothing was applied.'
              : 'The connection broke while the change was sent. Looking in the history whether it was recorded…'}
          </Callout>
          {isOver ? null : <Loader size="sm" />}
        </div>
        <footer className={classes.footer}>
          <span className={classes.spacer} />
          <Button variant="default" size="xs" onClick={onClose}>
            Close
          </Button>
          {isOver ? (
            <Button size="xs" onClick={onAgain}>
              Preview it again
            </Button>
          ) : null}
        </footer>
      </>
    )
  }
  const { kind, title: verdict, text, wayBack } = verdictOf(result, title)
  return (
    <>
      <div className={classes.part} role="status">
        <Callout kind={kind} title={verdict}>
          {text}
        </Callout>
        <ul className={classes.results} aria-label="Result of each object">
          {result.objects.map((object) => (
            <li key={`${object.ref.group} ${nameOf(object.ref)}`}>
              <span className={classes.verdict} data-ok={object.status === 'applied' || undefined}>
                {STATUS_WORDS[object.status]}
              </span>
              <div>
                {nameOf(object.ref)}
                {object.error ? <div className={classes.note}>{object.error.message}</div> : null}
              </div>
            </li>
          ))}
        </ul>
      </div>
      <footer className={classes.footer}>
        <Link href={pagePaths.change(result.id)} prefetch={false} className={classes.link} onClick={onClose}>
          Show the change in the history
        </Link>
        <span className={classes.spacer} />
        {wayBack === null ? null : <RevertNow id={result.id} label={wayBack} />}
        <Button
          variant={wayBack !== null && result.status !== 'applied' ? 'default' : 'filled'}
          size="xs"
          onClick={onClose}
          data-autofocus
        >
          Close
        </Button>
      </footer>
    </>
  )
}

interface Result {
  id: string
  status: ChangeStatus
  objects: readonly AppliedObject[]
}

function resultOf(outcome: Outcome): Result | null {
  if (outcome.kind === 'answered') {
    const { id, status, changes } = outcome.answer
    return { id, status, objects: changes }
  }
  return outcome.found ?? null
}

function RevertNow({ id, label }: { id: string; label: string }) {
  const client = useQueryClient()
  const [problem, setProblem] = useState<string | null>(null)
  const revert = useRevert(client)
  return (
    <>
      <span className={classes.why} role="status">
        {problem}
      </span>
      <Button
        variant="default"
        size="xs"
        onClick={() => void revert(id).catch((error: Error) => setProblem(error.message))}
      >
        {label}
      </Button>
    </>
  )
}
