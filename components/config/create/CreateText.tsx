'use client'

import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useMemo, useState } from 'react'
import { useChangeReview } from '@/components/changes/use-change-review'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import { useWriteAccess } from '@/components/hooks/use-write-access'
import { Callout } from '@/components/ui/messages/Callout'
import { Findings } from '@/components/ui/findings/Findings'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { YamlEditor } from '@/components/yaml/YamlEditor'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { KnownRef } from '@/lib/api/schemas/config/changes'
import { UnreadableClusters, useObjectClusters } from '../ClusterChoice'
import { dropDraft, findDraft } from '../edit/drafts'
import edit from '../edit/Edit.module.css'
import { readObjects } from '../edit/judge-text'
import { Line, MOST_CHARACTERS, Problems } from '../edit/ObjectEditor'
import { useDraft } from '../edit/use-draft'
import { useJudgedText } from '../edit/use-judged-text'
import { useTextCheck } from '../edit/use-text-check'
import { TemplateForm } from './TemplateForm'

const DRAFT = 'new'

/** The text of objects that are not there yet: filled in, pasted, checked, reviewed; kept until they are created. */
export default function CreateText() {
  const [text, setText] = useState(() => findDraft(DRAFT)?.text ?? '')
  const [tooLong, setTooLong] = useState<number | null>(null)
  const [goTo, setGoTo] = useState<{ line: number } | null>(null)
  const [created, setCreated] = useState<readonly KnownRef[]>([])
  const { canWrite, whyNot } = useWriteAccess()
  const { params, set } = useUrlParams()
  const { readable } = useObjectClusters()
  const wanted = params.get('cluster')
  const cluster = readable.find((one) => one === wanted) ?? readable[0]
  const { review } = useChangeReview()
  const client = useQueryClient()
  const isEmpty = text.trim() === ''
  const draft = useDraft(DRAFT, text, null, !isEmpty)
  const judged = useJudgedText(text)
  const read = useMemo(() => (judged.trim() === '' ? null : readObjects(judged, '')), [judged])
  const problem = read && 'problem' in read ? read.problem : null
  const check = useTextCheck(
    { documents: text, ...(cluster === undefined ? {} : { cluster }) },
    read !== null && 'objects' in read,
  )
  const refs = check.answer?.objects ?? []
  const [first] = refs
  const schema = useQuery({
    ...queries.configSchema(first ?? { cluster: '', group: '', version: 'v1', kind: '' }),
    enabled: first !== undefined && refs.length === 1,
  }).data?.schema
  const marks = useMemo(
    () => [...(problem ? [{ severity: 'error' as const, ...problem }] : []), ...check.marks],
    [problem, check.marks],
  )
  const isReady =
    canWrite && !check.isChecking && judged === text && refs.length > 0 && check.answer?.problems.length === 0

  const reviewAll = () => {
    if (!read || !('objects' in read)) return
    const changes = read.objects.flatMap((object, at) => {
      const ref = refs[at]
      if (!ref) return []
      const { line: _line, ...known } = ref
      return [{ op: 'create' as const, ref: known, object: { ...object } }]
    })
    review({
      title:
        changes.length === 1
          ? `Create ${first?.kind ?? ''} ${first?.name ?? ''}`
          : `Create ${changes.length} objects`,
      changes,
      onApplied: ({ status }) => {
        if (status !== 'applied') return
        setCreated(changes.map(({ ref }) => ref))
        setText('')
        dropDraft(DRAFT)
        void client.invalidateQueries()
      },
    })
  }
  return (
    <Section title="What to create" aside="several documents at once">
      {whyNot === null ? null : <Callout kind="info">{whyNot}</Callout>}
      {created.length > 0 ? (
        <Callout kind="good" title="Created">
          {created.map((ref) => (
            <div key={`${ref.kind} ${ref.namespace}/${ref.name}`}>
              <Link href={pagePaths.configObject(ref)}>
                {ref.kind} {ref.namespace === '' ? '' : `${ref.namespace}/`}
                {ref.name}
              </Link>
            </div>
          ))}
        </Callout>
      ) : null}
      <TemplateForm
        cluster={cluster ?? null}
        onCluster={(next) => set({ cluster: next }, 'replace')}
        onText={(more) => setText((old) => (old.trim() === '' ? more : `${old.trimEnd()}\n---\n${more}`))}
      />
      <UnreadableClusters />
      {tooLong === null ? null : (
        <Callout kind="problem" title="That was not taken in">
          The text would have {tooLong.toLocaleString('en')} characters; at most{' '}
          {MOST_CHARACTERS.toLocaleString('en')} are created at once. Your text is as it was.
        </Callout>
      )}
      <div className={edit.frame}>
        <YamlEditor
          value={text}
          onChange={(next) => {
            setTooLong(null)
            setText(next)
          }}
          findings={marks}
          schema={schema ?? null}
          label="YAML of new objects"
          most={MOST_CHARACTERS}
          onTooLong={setTooLong}
          goTo={goTo}
          height="min(50vh, 560px)"
        />
      </div>
      {problem ? (
        <Callout kind="problem">
          <Line line={problem.line} onGo={setGoTo} />
          {problem.message}
        </Callout>
      ) : null}
      {check.error ? (
        <Callout kind="info">It is not checked while you type: {check.error.message}</Callout>
      ) : null}
      <Problems check={check} onGo={setGoTo} />
      {isEmpty ? (
        <p className={plain.note}>Fill in a template above, or paste YAML of one or several objects.</p>
      ) : (
        <Findings
          label="Findings of the text"
          findings={check.findings}
          showObject={refs.length > 1}
          whenNone={check.answer?.findings ? 'The checks find nothing wrong with it.' : ''}
          onPlace={({ line }) => (line === null ? undefined : setGoTo({ line }))}
        />
      )}
      <div className={edit.actions}>
        <Button size="xs" disabled={!isReady} onClick={reviewAll}>
          {refs.length > 1 ? `Review ${refs.length} new objects` : 'Review new object'}
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={isEmpty}
          onClick={() => {
            setText('')
            dropDraft(DRAFT)
          }}
        >
          Clear
        </Button>
        <span className={edit.status} role="status">
          {isEmpty ? '' : draft.isKept ? 'Not created; kept in this browser.' : 'Not created.'}
          {!isEmpty && check.isChecking && !problem ? ' Checking…' : ''}
        </span>
      </div>
    </Section>
  )
}
