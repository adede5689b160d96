'use client'

import { Button, Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useDeferredValue, useMemo } from 'react'
import { useChangeReview } from '@/components/changes/use-change-review'
import { DraftOffer } from '@/components/config/edit/DraftOffer'
import { useTextCheck } from '@/components/config/edit/use-text-check'
import { useWriteAccess } from '@/components/hooks/use-write-access'
import { patchItem } from '@/components/splits/change-items'
import { Callout } from '@/components/ui/messages/Callout'
import { Failure } from '@/components/ui/messages/Failure'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { useFirst } from '@/components/ui/use-first'
import { YamlEditor } from '@/components/yaml/YamlEditor'
import type { LineMark } from '@/components/yaml/editor/marks'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ChangeItem } from '@/lib/api/schemas/config/changes'
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { ConfigRef } from '@/lib/mesh/resource'
import { ShownProblems, type ShownProblem } from './fields/shown-problems'
import { judgeObject, newErrors } from './judge-object'
import { ObjectForm } from './ObjectForm'
import classes from './Routing.module.css'
import { useServiceFacts } from './service-facts'
import { useObjectEdit } from './use-object-edit'

const MOST_CHARACTERS = 1_500_000
/** Problems listed before a reader asks for more. */
const FIRST_PROBLEMS = 30

/** One object of the cluster in a form, with its YAML beside it. */
export default function ObjectPanel({ object: ref, why }: { object: ConfigRef; why: string }) {
  const answer = useQuery({ ...queries.configObject(ref), refetchInterval: 10_000 })
  const context = useQuery(queries.configContext(ref))
  const owner = answer.data?.owner ?? null
  if (!answer.data) {
    return answer.error ? (
      <Failure
        error={answer.error}
        title={`${nameOf(ref)} cannot be read`}
        onRetry={() => void answer.refetch()}
      />
    ) : (
      <div style={{ padding: 16 }} role="status" aria-label="Loading" aria-busy>
        <Skeleton height={320} />
      </div>
    )
  }
  return (
    <Editing
      target={answer.data.ref}
      // the API server's own answer: metadata with a name was checked where it was read
      now={answer.data.object as unknown as ConfigObject}
      isNew={false}
      whyNot={context.data?.whyNotWritable ?? null}
    >
      {why === '' ? null : (
        <p className={classes.text}>
          It {why}.{' '}
          <Link className={plain.linkish} href={pagePaths.configObject(ref)} prefetch={false}>
            History, references, delete
          </Link>
        </p>
      )}
      {owner ? (
        <Callout kind="warning" title={`${owner.tool} keeps this object`}>
          What is changed here is put back by {owner.tool}
          {owner.name ? ` (${owner.name})` : ''}; known by {owner.evidence}.
        </Callout>
      ) : null}
    </Editing>
  )
}

/** An object that is not there yet. */
export function NewObjectPanel({
  target,
  fresh,
  onCreated,
}: {
  target: ConfigRef
  fresh: ConfigObject
  onCreated: () => void
}) {
  return (
    <Editing target={target} now={fresh} isNew whyNot={null} onCreated={onCreated}>
      <Callout kind="info">It is not in the cluster yet; the review shows it before it is made.</Callout>
    </Editing>
  )
}

function Editing({
  target,
  now,
  isNew,
  whyNot: whyNotThis,
  onCreated,
  children,
}: {
  target: ConfigRef
  now: ConfigObject
  isNew: boolean
  whyNot: string | null
  onCreated?: () => void
  children: React.ReactNode
}) {
  const { whyNot: whyNotAny } = useWriteAccess()
  const whyNot = whyNotAny ?? whyNotThis
  const isReadOnly = whyNot !== null
  const facts = useServiceFacts()
  const { review } = useChangeReview()
  const client = useQueryClient()
  const edit = useObjectEdit(target, now, isNew)
  const { object, verdict } = edit
  const { cluster, group, version, kind, namespace, name } = target
  const schema = useQuery({ ...queries.configSchema(target), enabled: !isReadOnly }).data?.schema ?? null
  const check = useTextCheck(
    {
      cluster,
      namespace,
      documents: edit.text,
      ...(isNew ? {} : { editing: { group, version, kind, namespace, name } }),
    },
    object !== null,
  )
  const findings = useDeferredValue(check.findings)
  const problems = useMemo(
    () => (object ? judgeObject(object, facts, findings) : []),
    [object, facts, findings],
  )
  const before = useMemo(() => (isNew ? [] : judgeObject(edit.base, facts)), [edit.base, facts, isNew])
  const blocking = newErrors(
    before,
    useMemo(() => (object ? judgeObject(object, facts) : []), [object, facts]),
  )
  const taken = check.answer?.problems ?? []
  const marks = useMemo(
    (): LineMark[] =>
      verdict.kind === 'fits'
        ? [...check.marks]
        : [{ severity: 'error', message: verdict.message, line: verdict.line }],
    [verdict, check.marks],
  )
  const title = `${isNew ? 'Create' : 'Change'} ${nameOf(target)}`
  const start = () => {
    if (!object) return
    const item: ChangeItem | null = isNew
      ? { op: 'create', ref: target, object: { ...object } }
      : patchItem(target, edit.base, object)
    if (!item) return
    review({
      title,
      changes: [item],
      onApplied: ({ status }) => {
        if (status === 'applied') {
          edit.applied()
          onCreated?.()
        }
        void client.invalidateQueries()
      },
    })
  }
  const canReview =
    !isReadOnly && object !== null && edit.isDirty && blocking.length === 0 && taken.length === 0
  return (
    <ShownProblems value={{ problems, isReadOnly }}>
      <div className={classes.notes}>
        {isReadOnly ? <Callout kind="info">{whyNot}</Callout> : null}
        {children}
        <DraftOffer
          draft={isReadOnly ? null : edit.draft.found}
          onRestore={edit.restore}
          onDiscard={edit.draft.discard}
        />
        {edit.isOvertaken ? (
          <Callout kind="warning" title="Somebody else changed this object while you edited">
            Your edit stays, and its review shows both.{' '}
            <Button size="compact-xs" variant="default" onClick={edit.undo}>
              Drop mine and start from the cluster’s
            </Button>
          </Callout>
        ) : null}
      </div>
      <div className={classes.beside}>
        <Section title="Form">
          {object ? (
            <fieldset disabled={isReadOnly} className={classes.fields}>
              <legend className={classes.legend}>Form of {nameOf(target)}</legend>
              <ObjectForm object={object} onChange={edit.setObject} />
            </fieldset>
          ) : (
            <Callout kind="problem">
              The YAML is no {kind} that could be applied, so there is no form for it:{' '}
              {verdict.kind === 'fits' ? '' : verdict.message}
            </Callout>
          )}
        </Section>
        <div className={classes.yaml}>
          <Section title="YAML">
            <div className={classes.frame}>
              <YamlEditor
                value={edit.text}
                onChange={edit.setText}
                readOnly={isReadOnly}
                findings={marks}
                schema={schema}
                label={`YAML of ${nameOf(target)}`}
                most={MOST_CHARACTERS}
                onTooLong={() => undefined}
                goTo={null}
                height="min(62vh, 640px)"
              />
            </div>
          </Section>
        </div>
      </div>
      <ProblemList problems={problems} taken={taken.map(({ message }) => message)} />
      {isReadOnly ? null : (
        <div className={classes.actions}>
          <Button size="xs" disabled={!canReview} onClick={start}>
            {isNew ? 'Review and create' : 'Review and apply'}
          </Button>
          <Button size="xs" variant="default" disabled={!edit.isEdited} onClick={edit.undo}>
            Discard the edit
          </Button>
          <span className={classes.status} role="status">
            {statusOf(edit.isEdited, edit.draft.isKept, blocking.length)}
            {check.isChecking && object ? ' Checking…' : ''}
          </span>
        </div>
      )}
    </ShownProblems>
  )
}

function statusOf(isEdited: boolean, isKept: boolean, errors: number): string {
  const kept = !isEdited ? '' : isKept ? 'Not applied; kept in this browser.' : 'Not applied.'
  if (errors === 0) return kept
  return `${errors === 1 ? '1 problem keeps' : `${errors} problems keep`} it from being applied. ${kept}`
}

/** Everything that is wrong, with its place: also what no open field shows. */
function ProblemList({ problems, taken }: { problems: readonly ShownProblem[]; taken: readonly string[] }) {
  const { shown, more } = useFirst(problems, FIRST_PROBLEMS)
  if (problems.length + taken.length === 0) return null
  return (
    <Section title="What to look at">
      <ul className={classes.problems}>
        {taken.map((message) => (
          <li key={message}>{message}</li>
        ))}
        {shown.map(({ path, message, severity }) => (
          <li key={`${path} ${message}`} data-severity={severity}>
            {message} <span className={classes.path}>{path}</span>
          </li>
        ))}
      </ul>
      {more}
    </Section>
  )
}

function nameOf({ kind, namespace, name }: Pick<ConfigRef, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`
}
