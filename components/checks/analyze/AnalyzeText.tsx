'use client'

import { Button, FileButton, SegmentedControl } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconUpload } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ClusterChoice, UnreadableClusters, useObjectClusters } from '@/components/config/ClusterChoice'
import { findDraft } from '@/components/config/edit/drafts'
import { readObjects } from '@/components/config/edit/judge-text'
import { useDraft } from '@/components/config/edit/use-draft'
import { Callout } from '@/components/ui/messages/Callout'
import { Findings } from '@/components/ui/findings/Findings'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { YamlEditor } from '@/components/yaml/YamlEditor'
import type { LineMark } from '@/components/yaml/editor/marks'
import { queries } from '@/lib/api/queries'
import type { Finding } from '@/lib/api/schemas/config/analyze'
import { LIMITS } from '@/lib/validation/documents'
import classes from '../Checks.module.css'

const DRAFT = 'analyze'
const PAUSE_MS = 500
/** more than this is for a file of findings, not for eyes */
const MOST_SHOWN = 500
const NONE: readonly Finding[] = []

/** The text, where it is looked at, and what the checks say to it, each at its line. */
export default function AnalyzeText() {
  const { readable: clusters } = useObjectClusters()
  const [text, setText] = useState(() => findDraft(DRAFT)?.text ?? '')
  const [alone, setAlone] = useState(false)
  const [chosen, setChosen] = useState<string | null>(null)
  const [refused, setRefused] = useState<string | null>(null)
  const [goTo, setGoTo] = useState<{ line: number } | null>(null)
  const [settled] = useDebouncedValue(text, PAUSE_MS)
  const cluster = alone ? undefined : (chosen ?? clusters[0])
  const parsed = useMemo(() => (settled.trim() === '' ? null : readObjects(settled, 'default')), [settled])
  const problem = parsed && 'problem' in parsed ? parsed.problem : null
  const objects = parsed && 'objects' in parsed ? parsed.objects : []
  const answer = useQuery({
    ...queries.analyze({ documents: settled, ...(cluster === undefined ? {} : { cluster }) }),
    enabled: objects.length > 0,
    placeholderData: keepPreviousData,
    retry: false,
  })
  const findings = objects.length > 0 ? (answer.data?.findings ?? NONE) : NONE
  const marks = useMemo(
    (): LineMark[] => [
      ...(problem ? [{ severity: 'error' as const, ...problem }] : []),
      ...findings.map(({ severity, message, line, code }): LineMark => ({ severity, message, line, code })),
    ],
    [problem, findings],
  )
  useDraft(DRAFT, text, null, text !== '')

  const take = (next: string) => {
    setRefused(null)
    setText(next)
  }
  const upload = async (files: File[]) => {
    const size = files.reduce((sum, file) => sum + file.size, 0)
    if (size > LIMITS.characters) {
      setRefused(
        `The files have ${megabytes(size)} together; at most ${megabytes(LIMITS.characters)} are analyzed.`,
      )
      return
    }
    take((await Promise.all(files.map((file) => file.text()))).join('\n---\n'))
  }
  const isChecking = settled !== text || answer.isFetching
  return (
    <Section
      title="YAML"
      aside={`up to ${megabytes(LIMITS.characters)}, several documents; nothing is applied`}
    >
      <div className={classes.tools}>
        <SegmentedControl
          size="xs"
          aria-label="What it is checked against"
          value={alone || cluster === undefined ? 'alone' : 'cluster'}
          onChange={(value) => setAlone(value === 'alone')}
          data={[
            { value: 'cluster', label: 'In the cluster', disabled: clusters.length === 0 },
            { value: 'alone', label: 'By itself' },
          ]}
        />
        {alone ? null : <ClusterChoice value={cluster ?? null} onChange={setChosen} />}
        <FileButton multiple accept=".yaml,.yml,.json,.txt" onChange={(files) => void upload(files)}>
          {(props) => (
            <Button {...props} size="xs" variant="default" leftSection={<IconUpload size={14} aria-hidden />}>
              Upload files
            </Button>
          )}
        </FileButton>
        <Button size="xs" variant="subtle" disabled={text === ''} onClick={() => take('')}>
          Clear
        </Button>
        <span className={plain.note} role="status">
          {settled.trim() === ''
            ? ''
            : isChecking && !problem
              ? 'Checking…'
              : summaryOf(objects.length, findings.length)}
        </span>
      </div>
      <p className={plain.note}>
        {cluster === undefined
          ? 'The documents are all that exists: what they refer to must be among them.'
          : `As if the documents were in ${cluster}, in the place of objects of their names. Documents without a namespace are in default.`}
      </p>
      {alone ? null : <UnreadableClusters />}
      {refused === null ? null : (
        <Callout kind="problem" title="That was not taken in">
          {refused} Your text is as it was.
        </Callout>
      )}
      <div className={classes.frame}>
        <YamlEditor
          value={text}
          onChange={take}
          findings={marks}
          label="YAML to analyze"
          most={LIMITS.characters}
          onTooLong={(characters) =>
            setRefused(
              `The text would have ${megabytes(characters)}; at most ${megabytes(LIMITS.characters)} are analyzed.`,
            )
          }
          goTo={goTo}
          height="min(50vh, 560px)"
        />
      </div>
      {problem ? (
        <Callout kind="problem" title="This is no set of objects yet">
          {problem.line === null ? null : (
            <>
              <button
                type="button"
                className={plain.word}
                onClick={() => setGoTo({ line: problem.line ?? 1 })}
              >
                Line {problem.line}
              </button>
              :{' '}
            </>
          )}
          {problem.message}
        </Callout>
      ) : null}
      {answer.error && objects.length > 0 ? (
        <Callout kind="problem" title="It could not be analyzed">
          {answer.error.message}
        </Callout>
      ) : null}
      {settled.trim() === '' ? (
        <p className={plain.note}>Paste YAML into the editor, or upload files. Pipelines: npm run analyze.</p>
      ) : answer.data && objects.length > 0 ? (
        <>
          <Findings
            findings={findings.slice(0, MOST_SHOWN)}
            showObject
            label="Findings of the text"
            whenNone="The checks find nothing wrong with it."
            onPlace={({ line }) => (line === null ? undefined : setGoTo({ line }))}
          />
          {findings.length > MOST_SHOWN ? (
            <p className={plain.note}>
              {findings.length - MOST_SHOWN} more are not listed; the editor marks them all.
            </p>
          ) : null}
        </>
      ) : null}
    </Section>
  )
}

function megabytes(characters: number): string {
  return `${Math.round(characters / 100_000) / 10} MB`
}

function summaryOf(objects: number, findings: number): string {
  const of = objects === 1 ? '1 object' : `${objects} objects`
  return findings === 1 ? `1 finding in ${of}` : `${findings === 0 ? 'No' : findings} findings in ${of}`
}
