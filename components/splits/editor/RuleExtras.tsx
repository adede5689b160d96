'use client'

import { Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '@/lib/api/queries'
import type { Split } from '@/lib/api/schemas/config/splits'
import { backendName, withBackend } from '@/lib/istio/edit/split/backends'
import { mirrorOf, withMirror, withTesters } from '@/lib/istio/edit/split/rule-extras'
import { findSplitRule, type BackendRef } from '@/lib/istio/edit/split/rule'
import { candidatesOf, subsetItem } from '../candidates'
import { serviceOfSplit } from '../change-items'
import { draftBackends, withObject, type Draft } from './draft'
import classes from './Editor.module.css'

type Change = (draft: Draft | { problem: string }) => void
interface Props {
  split: Split
  draft: Draft
  onChange: Change
}
type Form = 'destination' | 'testers' | 'mirror'

/** What goes with a shift: another destination, testers by header, copies to a version that answers nobody. */
export default function RuleExtras(props: Props) {
  const [open, setOpen] = useState<Form | null>(null)
  const rule = findSplitRule(props.draft.object, props.draft.path)
  const isHttp = rule?.protocol === 'http' || rule?.protocol === 'grpc'
  const mirror = rule ? mirrorOf(rule) : null
  const forms: [Form, string][] = [
    ['destination', 'Add a destination'],
    ...(isHttp
      ? ([
          ['testers', 'Testers by header'],
          ['mirror', mirror ? `Mirror: ${mirror.percent} % to ${mirror.name}` : 'Mirror'],
        ] as [Form, string][])
      : []),
  ]
  const done: Change = (next) => {
    props.onChange(next)
    if (!('problem' in next)) setOpen(null)
  }
  return (
    <>
      <div className={classes.line}>
        {forms.map(([form, name]) => (
          <Button
            key={form}
            size="compact-xs"
            variant="default"
            aria-expanded={open === form}
            onClick={() => setOpen(open === form ? null : form)}
          >
            {name}
          </Button>
        ))}
      </div>
      {open === 'destination' ? <AddDestination {...props} onChange={done} /> : null}
      {open === 'testers' ? <Testers {...props} onChange={done} /> : null}
      {open === 'mirror' ? <Mirror {...props} onChange={done} /> : null}
    </>
  )
}

function AddDestination({ split, draft, onChange }: Props) {
  const service = serviceOfSplit(split)
  const targets = useQuery(queries.splitTargets(service))
  const [chosen, setChosen] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const backends = draftBackends(draft)
  const api = findSplitRule(draft.object, draft.path)?.api ?? 'istio'
  const candidates = targets.data ? candidatesOf(targets.data, api, backends) : []
  const add = async () => {
    const candidate = candidates.find((one) => one.id === chosen)
    if (!candidate) return setProblem('Choose where to send to.')
    const made = withObject(draft, withBackend(draft.object, draft.path, candidate.backend))
    if ('problem' in made) return setProblem(made.problem)
    if (!candidate.newSubset) return onChange(made)
    const item = await subsetItem(split.cluster, targets.data, candidate.newSubset)
    if ('problem' in item) return setProblem(item.problem)
    onChange({ ...made, also: [...made.also, item] })
  }
  return (
    <div className={classes.form}>
      <Select
        size="xs"
        w={320}
        label="Subset, version or service"
        placeholder={
          targets.isPending ? 'Loading' : candidates.length === 0 ? 'No other version is known' : 'Choose'
        }
        data={candidates.map((one) => ({ value: one.id, label: one.label }))}
        value={chosen}
        error={problem ?? targets.error?.message}
        onChange={(value) => {
          setChosen(value)
          setProblem(null)
        }}
      />
      <Button size="xs" variant="default" onClick={() => void add()}>
        Add with weight 0
      </Button>
    </div>
  )
}

function Testers({ split, draft, onChange }: Props) {
  const backends = draftBackends(draft)
  const other = backends.findIndex((_, place) => place !== split.baseline?.place)
  const [place, setPlace] = useState(Math.max(0, other))
  const [header, setHeader] = useState('')
  const [value, setValue] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const add = () => {
    const backend = backends[place]
    if (!backend) return
    const edited = withTesters(draft.object, draft.path, { header: header.trim(), value, backend })
    if ('problem' in edited) return setProblem(edited.problem)
    // the new rule stands before, so this one moved down by one
    const path = draft.path.replace(/\[(\d+)\]/, (_all, rule: string) => `[${Number(rule) + 1}]`)
    onChange(withObject(draft, edited, path))
  }
  return (
    <div className={classes.form}>
      <TextInput
        size="xs"
        label="Header"
        placeholder="end-user"
        value={header}
        error={problem}
        onChange={(event) => setHeader(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        label="has the value"
        placeholder="jason"
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <BackendSelect label="goes to" backends={backends} place={place} onChange={setPlace} />
      <Button size="xs" variant="default" onClick={add}>
        Add a rule for testers
      </Button>
    </div>
  )
}

function Mirror({ split, draft, onChange }: Props) {
  const backends = draftBackends(draft)
  const rule = findSplitRule(draft.object, draft.path)
  const now = rule ? mirrorOf(rule) : null
  const other = backends.findIndex((_, place) => place !== split.baseline?.place)
  const [place, setPlace] = useState(Math.max(0, other))
  const [percent, setPercent] = useState(String(now?.percent ?? 10))
  const [problem, setProblem] = useState<string | null>(null)
  const set = (mirror: { backend: BackendRef; percent: number } | null) => {
    const edited = withMirror(draft.object, draft.path, mirror)
    if ('problem' in edited) return setProblem(edited.problem)
    onChange(withObject(draft, edited))
  }
  return (
    <div className={classes.form}>
      <TextInput
        size="xs"
        w={160}
        inputMode="decimal"
        label="Copy this much, in %"
        value={percent}
        error={problem}
        onChange={(event) => setPercent(event.currentTarget.value)}
      />
      <BackendSelect label="of the requests to" backends={backends} place={place} onChange={setPlace} />
      <Button
        size="xs"
        variant="default"
        onClick={() => {
          const backend = backends[place]
          if (backend) set({ backend, percent: percent.trim() === '' ? Number.NaN : Number(percent) })
        }}
      >
        Mirror
      </Button>
      {now ? (
        <Button size="xs" variant="default" onClick={() => set(null)}>
          Stop mirroring
        </Button>
      ) : null}
    </div>
  )
}

function BackendSelect({
  label,
  backends,
  place,
  onChange,
}: {
  label: string
  backends: readonly BackendRef[]
  place: number
  onChange: (place: number) => void
}) {
  return (
    <Select
      size="xs"
      w={170}
      label={label}
      allowDeselect={false}
      data={backends.map((backend, at) => ({ value: String(at), label: backendName(backend) }))}
      value={String(place)}
      onChange={(value) => onChange(Number(value))}
    />
  )
}
