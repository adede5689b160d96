'use client'

import { Checkbox, SegmentedControl, Select, Switch, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconEyeOff, IconRefresh, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import type { LogAnswer } from '@/lib/api/schemas/telemetry/logs'
import { textTest } from '@/lib/logs/filter'
import type { LogLevel } from '@/lib/logs/line'
import plain from '@/components/ui/Plain.module.css'
import details from '../Details.module.css'
import classes from './Logs.module.css'
import { PodSelect } from './PodSelect'
import { applicationContainers, LINE_CHOICES, workloadsOf, type LogSource, type LogView } from './log-view'

const TYPING_MS = 250
const LEVELS: readonly { level: LogLevel; name: string }[] = [
  { level: 'error', name: 'Errors' },
  { level: 'warning', name: 'Warnings' },
  { level: 'info', name: 'Info' },
  { level: 'debug', name: 'Debug' },
]

/** Which lines are shown, and whether new ones come by themselves. */
export function LogToolbar({
  view,
  answer,
  isOfNamespace,
  isLive,
  isReading,
  onChange,
  onRead,
}: {
  view: LogView
  answer: LogAnswer
  /** then a workload can be chosen */
  isOfNamespace: boolean
  isLive: boolean
  isReading: boolean
  onChange: (patch: Partial<LogView>) => void
  onRead: () => void
}) {
  const all = answer.pods ?? []
  const workloads = workloadsOf(answer, view.workload)
  const pods =
    isOfNamespace && view.workload !== null ? all.filter(({ workload }) => workload === view.workload) : all
  const hasRestarted = pods
    .filter(({ name }) => view.pod === null || name === view.pod)
    .some((pod) =>
      pod.containers.some(
        ({ name, restarts }) => restarts > 0 && (view.container === null || name === view.container),
      ),
    )
  const containers = applicationContainers(answer, view.container)
  const toggle = (level: LogLevel, isShown: boolean) => {
    const without = new Set(view.without)
    if (isShown) without.delete(level)
    else without.add(level)
    onChange({ without })
  }
  return (
    <div className={classes.toolbar}>
      {isOfNamespace ? (
        <Select
          size="xs"
          w={200}
          searchable
          aria-label="Workload"
          data={[
            { value: '', label: `All ${workloads.length} workloads` },
            ...workloads.map((name) => ({ value: name, label: name })),
          ]}
          value={view.workload ?? ''}
          onChange={(value) => onChange({ workload: value || null, pod: null, container: null })}
          allowDeselect={false}
        />
      ) : null}
      <PodSelect
        pods={pods}
        whole={pods.length === 1 ? 'Its only pod' : `All ${pods.length} pods`}
        value={view.pod}
        onChange={(pod) => onChange({ pod })}
        width={230}
      />
      <SegmentedControl
        size="xs"
        aria-label="Containers"
        data={[
          { value: 'all', label: 'All' },
          { value: 'app', label: 'Application' },
          { value: 'proxy', label: 'Proxy' },
        ]}
        value={view.container === null ? view.source : 'app'}
        onChange={(value) => onChange({ source: value as LogSource, container: null })}
      />
      {containers.length > 1 || view.container !== null ? (
        <Select
          size="xs"
          w={170}
          aria-label="Container"
          data={[
            { value: '', label: 'Any container' },
            ...containers.map((name) => ({ value: name, label: name })),
          ]}
          value={view.container ?? ''}
          onChange={(value) => onChange(value ? { source: 'app', container: value } : { container: null })}
          allowDeselect={false}
        />
      ) : null}
      <Pattern
        key={`show ${view.show === '' ? '' : 'set'}`}
        label="Show lines with"
        icon={<IconSearch size={14} aria-hidden />}
        value={view.show}
        onChange={(show) => onChange({ show })}
      />
      <Pattern
        key={`hide ${view.hide === '' ? '' : 'set'}`}
        label="Hide lines with"
        icon={<IconEyeOff size={14} aria-hidden />}
        value={view.hide}
        onChange={(hide) => onChange({ hide })}
      />
      <fieldset className={classes.levels}>
        <legend className={classes.legend}>Levels</legend>
        {LEVELS.map(({ level, name }) => (
          <Checkbox
            key={level}
            size="xs"
            label={name}
            checked={!view.without.has(level)}
            onChange={(event) => toggle(level, event.currentTarget.checked)}
          />
        ))}
        {answer.spans === null ? null : (
          <Checkbox
            size="xs"
            label="Spans"
            checked={view.hasSpans}
            onChange={(event) => onChange({ hasSpans: event.currentTarget.checked })}
          />
        )}
      </fieldset>
      <div className={classes.end}>
        {hasRestarted || view.isPrevious ? (
          <Checkbox
            size="xs"
            label="Before the last restart"
            checked={view.isPrevious}
            onChange={(event) => onChange({ isPrevious: event.currentTarget.checked })}
          />
        ) : (
          <span className={plain.quiet}>Never restarted</span>
        )}
        {isLive ? (
          <>
            <Select
              size="xs"
              w={148}
              aria-label="Lines of each container"
              data={LINE_CHOICES.map((lines) => ({
                value: String(lines),
                label: `Newest ${lines.toLocaleString('en')}`,
              }))}
              value={String(view.lines)}
              onChange={(value) => onChange({ lines: Number(value) })}
              allowDeselect={false}
            />
            <Switch
              size="xs"
              label="Follow"
              checked={view.isFollowing && !view.isPrevious}
              disabled={view.isPrevious}
              onChange={(event) => onChange({ isFollowing: event.currentTarget.checked })}
            />
            {view.isFollowing ? null : (
              <button type="button" className={details.action} onClick={onRead} disabled={isReading}>
                <IconRefresh size={14} aria-hidden /> Read again
              </button>
            )}
          </>
        ) : null}
      </div>
    </div>
  )
}

/** Text, or a regular expression between slashes; what is none says so at once. */
function Pattern({
  label,
  icon,
  value,
  onChange,
}: {
  label: string
  icon: React.ReactNode
  value: string
  onChange: (value: string) => void
}) {
  const [text, setText] = useState(value)
  const send = useDebouncedCallback(onChange, TYPING_MS)
  const test = textTest(text)
  return (
    <TextInput
      size="xs"
      w={206}
      aria-label={`${label} this text, or /a regular expression/`}
      placeholder={`${label.replace(' lines with', '')}: text or /regex/`}
      leftSection={icon}
      value={text}
      error={test.ok ? undefined : test.message}
      onChange={(event) => {
        setText(event.currentTarget.value)
        send(event.currentTarget.value)
      }}
    />
  )
}
