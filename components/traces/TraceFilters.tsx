'use client'

import { Checkbox, NumberInput, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '@/lib/api/queries'
import { parseTags } from '@/lib/trace/tag-search'
import classes from './TraceSearchPage.module.css'
import { TRACE_LIMITS, type TraceSearch } from './trace-search'

const TYPING_MS = 400

/** What narrows a search: operation, duration, status, tags, errors, how many. */
export function TraceFilters({
  search,
  onChange,
}: {
  search: TraceSearch
  onChange: (patch: Partial<TraceSearch>) => void
}) {
  const later = useDebouncedCallback(onChange, TYPING_MS)
  const [tags, setTags] = useState(search.tags ?? '')
  const read = parseTags(tags)
  const of = search.node !== null ? { node: search.node } : { service: search.service ?? '' }
  const operations = useQuery(queries.traceOperations(of))
  const names = operations.data?.items ?? []
  const known =
    search.operation === null || names.includes(search.operation) ? names : [search.operation, ...names]
  const millis = (value: string | number) => (typeof value === 'number' && value > 0 ? value : null)
  return (
    <div className={classes.filters}>
      <Select
        size="xs"
        w={260}
        searchable
        clearable
        aria-label="Operation"
        placeholder="Every operation"
        data={known}
        value={search.operation}
        onChange={(operation) => onChange({ operation })}
        nothingFoundMessage="No such operation"
        comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      />
      <NumberInput
        size="xs"
        w={116}
        min={0}
        max={999_999_999}
        hideControls
        placeholder="At least, ms"
        aria-label="At least this many milliseconds"
        suffix=" ms"
        defaultValue={search.minDurationMs ?? ''}
        onChange={(value) => later({ minDurationMs: millis(value) })}
      />
      <NumberInput
        size="xs"
        w={116}
        min={0}
        max={999_999_999}
        hideControls
        placeholder="At most, ms"
        aria-label="At most this many milliseconds"
        suffix=" ms"
        defaultValue={search.maxDurationMs ?? ''}
        onChange={(value) => later({ maxDurationMs: millis(value) })}
      />
      <TextInput
        size="xs"
        w={96}
        maxLength={3}
        inputMode="numeric"
        placeholder="Status"
        aria-label="HTTP status of a span"
        defaultValue={search.status ?? ''}
        onChange={(event) => {
          const text = event.currentTarget.value
          if (text === '' || /^[1-5]\d\d$/.test(text)) later({ status: text === '' ? null : text })
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
          setTags(text)
          if (parseTags(text).ok) later({ tags: text.trim() === '' ? null : text.trim() })
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
