'use client'

import { Checkbox, NumberInput, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTyped } from '@/components/hooks/address/use-typed'
import { queries } from '@/lib/api/queries'
import { parseTags } from '@/lib/trace/tag-search'
import classes from './TraceSearchPage.module.css'
import { isStatus, TRACE_LIMITS, type TraceSearch } from './trace-search'

const TYPING_MS = 400
const MOST_OFFERED = 200

/** What narrows a search: operation, duration, status, tags, errors, how many. */
export function TraceFilters({
  of,
  search,
  onChange,
  isPart = false,
  children,
}: {
  /** whose operations can be chosen */
  of: Parameters<typeof queries.traceOperations>[0]
  search: TraceSearch
  onChange: (patch: Partial<TraceSearch>) => void
  /** within a card, not across the page */
  isPart?: boolean
  /** stands first */
  children?: ReactNode
}) {
  // one for each field: a shared one would drop the first of two that are filled quickly
  const { typed: tags, ...tagsField } = useTyped(search.tags ?? '')
  const { typed: status, ...statusField } = useTyped(search.status ?? '')
  const laterStatus = useDebouncedCallback((text: string) => {
    statusField.send(text)
    onChange({ status: text === '' ? null : text })
  }, TYPING_MS)
  const laterTags = useDebouncedCallback((text: string) => {
    tagsField.send(text)
    onChange({ tags: text === '' ? null : text })
  }, TYPING_MS)
  const read = parseTags(tags)
  const operations = useQuery(queries.traceOperations(of))
  const names = operations.data?.items ?? []
  const known =
    search.operation === null || names.includes(search.operation) ? names : [search.operation, ...names]
  return (
    <div className={classes.filters} data-part={isPart || undefined}>
      {children}
      <Select
        size="xs"
        w={260}
        searchable
        // typing finds the rest
        limit={MOST_OFFERED}
        clearable
        aria-label="Operation"
        placeholder="Every operation"
        data={known}
        value={search.operation}
        onChange={(operation) => onChange({ operation })}
        nothingFoundMessage="No such operation"
        comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      />
      <Millis
        placeholder="At least, ms"
        label="At least this many milliseconds"
        value={search.minDurationMs}
        onChange={(minDurationMs) => onChange({ minDurationMs })}
      />
      <Millis
        placeholder="At most, ms"
        label="At most this many milliseconds"
        value={search.maxDurationMs}
        onChange={(maxDurationMs) => onChange({ maxDurationMs })}
      />
      <TextInput
        size="xs"
        w={116}
        maxLength={3}
        inputMode="numeric"
        placeholder="Status"
        aria-label="HTTP status of a span"
        value={status}
        error={status === '' || isStatus(status) ? undefined : 'Three digits, 100 to 599'}
        onChange={(event) => {
          const text = event.currentTarget.value.trim()
          statusField.type(text)
          if (text === '' || isStatus(text)) laterStatus(text)
          else laterStatus.cancel()
        }}
      />
      <TextInput
        size="xs"
        w={230}
        placeholder='Tags: key=value key="a b"'
        aria-label="Tags of a span, as key=value"
        value={tags}
        error={read.ok ? undefined : read.message}
        onChange={(event) => {
          const text = event.currentTarget.value
          tagsField.type(text)
          if (parseTags(text).ok) laterTags(text.trim())
          // half a pair is on its way to another search
          else laterTags.cancel()
        }}
      />
      <Checkbox
        size="xs"
        label="Only with errors"
        checked={search.errors}
        onChange={(event) => onChange({ errors: event.currentTarget.checked })}
      />
      <Select
        size="xs"
        w={112}
        aria-label="How many"
        data={TRACE_LIMITS.map((limit) => ({ value: String(limit), label: `Newest ${limit}` }))}
        value={String(search.limit)}
        onChange={(value) => onChange({ limit: Number(value) })}
        allowDeselect={false}
      />
    </div>
  )
}

/** A bound of durations; empty: none. */
function Millis({
  placeholder,
  label,
  value,
  onChange,
}: {
  placeholder: string
  label: string
  value: number | null
  onChange: (value: number | null) => void
}) {
  const { typed, type, send } = useTyped<string | number>(value ?? '')
  const later = useDebouncedCallback((bound: number | null) => {
    send(bound ?? '')
    onChange(bound)
  }, TYPING_MS)
  return (
    <NumberInput
      size="xs"
      w={116}
      min={0}
      max={999_999_999}
      hideControls
      placeholder={placeholder}
      aria-label={label}
      suffix=" ms"
      value={typed}
      onChange={(next) => {
        type(next)
        later(boundOf(next))
      }}
    />
  )
}

function boundOf(typed: string | number): number | null {
  return typeof typed === 'number' && typed > 0 ? typed : null
}
