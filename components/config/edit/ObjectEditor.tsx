'use client'

import { Button, SegmentedControl } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useChangeReview } from '@/components/changes/use-change-review'
import { Callout } from '@/components/ui/messages/Callout'
import { Findings } from '@/components/ui/findings/Findings'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import type { LineMark } from '@/components/yaml/editor/marks'
import { YamlEditor } from '@/components/yaml/YamlEditor'
import { apiPaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ConfigDetail } from '@/lib/api/schemas/config/changes'
import type { ObjectContext } from '@/lib/api/schemas/config/object-context'
import { isSameContent } from '@/lib/changes/content'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { kindWords } from '../kind-words'
import { Compare } from './Compare'
import { DraftOffer } from './DraftOffer'
import { dropDraft } from './drafts'
import classes from './Edit.module.css'
import { beginEditing, followCluster, isChanged } from './editing'
import { judgeText, type Verdict } from './judge-text'
import { useCompareView } from './use-compare-view'
import { useDraft } from './use-draft'
import { useJudgedText } from './use-judged-text'
import { useTextCheck } from './use-text-check'

/** Also in lib/api/schemas/editing, whose validators a page should not carry. */
export const MOST_CHARACTERS = 1_500_000

/** The text of one object: edited, checked while one types, compared, and given to the review. */
export default function ObjectEditor({
  detail,
  context,
}: {
  detail: ConfigDetail
  context: ObjectContext | undefined
}) {
  const { ref } = detail
  // the API server's own answer: metadata with a name was checked where it was read
  const now = detail.object as unknown as ConfigObject
  const key = [ref.cluster, ref.group, ref.kind, ref.namespace, ref.name].join('/')
  const name = `${ref.kind} ${ref.namespace === '' ? '' : `${ref.namespace}/`}${ref.name}`
  const whyNot = context?.whyNotWritable ?? null
  const { review } = useChangeReview()
  const client = useQueryClient()
  const [compare, setCompare] = useCompareView()
  const [editing, setEditing] = useState(() => beginEditing(now))
  const [tooLong, setTooLong] = useState<number | null>(null)
  const [goTo, setGoTo] = useState<{ line: number } | null>(null)
  const judged = useJudgedText(editing.text)
  const verdict = useMemo(() => judgeText(judged, ref), [judged, ref])
  const followed = judged === editing.text ? followCluster(editing, verdict, now) : editing
  if (followed !== editing) setEditing(followed)
  const isDirty = useMemo(() => isChanged(editing, verdict), [editing, verdict])
  const isOvertaken = isDirty && !isSameContent(editing.base, now)
  // what is not judged yet is not lost either, should one leave at this moment
  const draft = useDraft(key, editing.text, editing.base, isDirty || judged !== editing.text)

  const schema = useQuery({ ...queries.configSchema(ref), enabled: whyNot === null }).data?.schema ?? null
  const check = useTextCheck(
    {
      cluster: ref.cluster,
      namespace: ref.namespace,
      documents: editing.text,
      editing: {
        group: ref.group,
        version: ref.version,
        kind: ref.kind,
        namespace: ref.namespace,
        name: ref.name,
      },
    },
    verdict.kind === 'fits' && ref.group !== '',
  )
  const marks = useMemo(() => [...marksOf(verdict), ...check.marks], [verdict, check.marks])

  const setText = (text: string) => {
    setTooLong(null)
    setEditing((old) => ({ ...old, text }))
  }
  const refresh = () => {
    void client.invalidateQueries({ queryKey: [apiPaths.configObject(ref)] })
    void client.invalidateQueries({ queryKey: [apiPaths.configContext(ref)] })
    void client.invalidateQueries({
      predicate: ({ queryKey }) => String(queryKey[0]).startsWith(apiPaths.changes()),
    })
  }
  const reviewText = () => {
    // what is on screen, not what was judged a moment ago
    const exact = judgeText(editing.text, ref)
    if (exact.kind !== 'fits') return
    const { resourceVersion } = editing.base.metadata
    const { text } = editing
    review({
      title: `Change ${name}`,
      changes: [
        {
          op: 'update',
          ref,
          object: { ...exact.object },
          base: { ...editing.base },
          ...(resourceVersion === undefined ? {} : { resourceVersion }),
        },
      ],
      onApplied: ({ status }) => {
        if (status === 'applied') {
          setEditing((old) => ({ ...old, applied: text }))
          dropDraft(key)
        }
        refresh()
      },
    })
  }
  const createInstead = ({ ref: other, object }: Extract<Verdict, { kind: 'elsewhere' }>) =>
    review({
      title: `Create ${other.kind} ${other.namespace === '' ? '' : `${other.namespace}/`}${other.name}`,
      changes: [{ op: 'create', ref: other, object: { ...object } }],
      onApplied: refresh,
    })
  const traffic = requestsOf(context)
  const reviewDelete = () => {
    const { resourceVersion } = now.metadata
    review({
      title: `Delete ${name}`,
      confirmLabel: `Delete this ${kindWords(ref)}`,
      changes: [
        {
          op: 'delete',
          ref,
          base: { ...now },
          ...(resourceVersion === undefined ? {} : { resourceVersion }),
        },
      ],
      ...(traffic > 0
        ? { typeToConfirm: { text: ref.name, why: 'Requests flow through what it steers.' } }
        : {}),
      onApplied: ({ status }) => {
        if (status === 'applied') dropDraft(key)
        refresh()
      },
    })
  }

  const isReadOnly = whyNot !== null
  return (
    <Section
      title="YAML"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="What is shown"
          value={compare === null ? 'edit' : 'compare'}
          onChange={(value) => setCompare(value === 'edit' ? null : 'cluster')}
          data={[
            { value: 'edit', label: isReadOnly ? 'Text' : 'Edit' },
            { value: 'compare', label: 'Compare' },
          ]}
        />
      }
    >
      {isReadOnly ? <Callout kind="info">{whyNot}</Callout> : null}
      <DraftOffer
        draft={isReadOnly ? null : draft.found}
        onRestore={({ text, base }) => {
          setEditing({ text, base: base ?? now, applied: null })
          draft.settle()
        }}
        onDiscard={draft.discard}
      />
      {isOvertaken ? (
        <Callout kind="warning" title="Somebody else changed this object while you edited">
          Your text stays, and its review shows both.{' '}
          <Button size="compact-xs" variant="default" onClick={() => setCompare('cluster')}>
            Compare with the cluster
          </Button>{' '}
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              setEditing(beginEditing(now))
              dropDraft(key)
            }}
          >
            Drop mine and start from the cluster’s
          </Button>
        </Callout>
      ) : null}
      {tooLong === null ? null : (
        <Callout kind="problem" title="That was not taken in">
          The text would have {tooLong.toLocaleString('en')} characters; at most{' '}
          {MOST_CHARACTERS.toLocaleString('en')} are edited here. Your text is as it was.
        </Callout>
      )}
      {compare === null ? (
        <div className={classes.frame}>
          <YamlEditor
            value={editing.text}
            onChange={setText}
            readOnly={isReadOnly}
            findings={marks}
            schema={schema}
            label={`YAML of ${name}`}
            most={MOST_CHARACTERS}
            onTooLong={setTooLong}
            goTo={goTo}
            height="min(62vh, 720px)"
          />
        </div>
      ) : (
        <Compare
          object={ref}
          now={now}
          text={editing.text}
          against={compare}
          onAgainst={setCompare}
          onTake={
            isReadOnly
              ? null
              : (text) => {
                  setText(text)
                  setCompare(null)
                }
          }
        />
      )}
      <VerdictNote verdict={verdict} onCreate={createInstead} onGo={setGoTo} />
      {check.error && !isReadOnly ? (
        <Callout kind="info">It is not checked while you type: {check.error.message}</Callout>
      ) : null}
      <Problems check={check} onGo={setGoTo} />
      {ref.group !== '' ? (
        <Findings
          label="Findings of the text"
          findings={check.findings}
          whenNone={
            check.answer?.findings
              ? 'The checkers find nothing wrong with it.'
              : check.isChecking && verdict.kind === 'fits'
                ? 'Not checked yet.'
                : ''
          }
          onPlace={({ line }) => (line === null ? undefined : setGoTo({ line }))}
        />
      ) : null}
      {isReadOnly ? null : (
        <div className={classes.actions}>
          <Button size="xs" disabled={!isDirty || verdict.kind !== 'fits'} onClick={reviewText}>
            Review change
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={!isDirty}
            onClick={() => {
              setEditing(beginEditing(now))
              dropDraft(key)
            }}
          >
            Undo all
          </Button>
          <span className={classes.status} role="status">
            {isDirty ? (draft.isKept ? 'Not applied; kept in this browser.' : 'Not applied.') : ''}
            {check.isChecking && verdict.kind === 'fits' ? ' Checking…' : ''}
          </span>
          <Button
            size="xs"
            variant="default"
            ml="auto"
            className={classes.danger}
            leftSection={<IconTrash size={14} aria-hidden />}
            onClick={reviewDelete}
          >
            Delete
          </Button>
        </div>
      )}
    </Section>
  )
}

function marksOf(verdict: Verdict): LineMark[] {
  if (verdict.kind === 'fits') return []
  return [{ severity: 'error', message: verdict.message, line: verdict.line }]
}

/** What keeps the text from being a state of this object, below the text, with its line. */
function VerdictNote({
  verdict,
  onCreate,
  onGo,
}: {
  verdict: Verdict
  onCreate: (verdict: Extract<Verdict, { kind: 'elsewhere' }>) => void
  onGo: (to: { line: number }) => void
}) {
  if (verdict.kind === 'fits') return null
  return (
    <Callout kind={verdict.kind === 'elsewhere' ? 'warning' : 'problem'}>
      <Line line={verdict.line} onGo={onGo} />
      {verdict.message}{' '}
      {verdict.kind === 'elsewhere' ? (
        <Button size="compact-xs" variant="default" onClick={() => onCreate(verdict)}>
          Create {verdict.ref.namespace === '' ? '' : `${verdict.ref.namespace}/`}
          {verdict.ref.name} instead
        </Button>
      ) : null}
    </Callout>
  )
}

export function Problems({
  check,
  onGo,
}: {
  check: ReturnType<typeof useTextCheck>
  onGo: (to: { line: number }) => void
}) {
  const problems = check.answer?.problems ?? []
  if (problems.length === 0) return null
  return (
    <Callout kind="problem">
      {problems.map(({ code, message, line }) => (
        <div key={`${code} ${line} ${message}`}>
          <Line line={line} onGo={onGo} />
          {message}
        </div>
      ))}
    </Callout>
  )
}

export function Line({ line, onGo }: { line: number | null; onGo: (to: { line: number }) => void }) {
  if (line === null) return null
  return (
    <>
      <button type="button" className={plain.word} onClick={() => onGo({ line })}>
        Line {line}
      </button>
      :{' '}
    </>
  )
}

function requestsOf(context: ObjectContext | undefined): number {
  return (context?.workloads?.items ?? []).reduce(
    (sum, { item }) =>
      sum + (item?.inbound.http?.requestsPerSecond ?? 0) + (item?.inbound.grpc?.requestsPerSecond ?? 0),
    0,
  )
}
