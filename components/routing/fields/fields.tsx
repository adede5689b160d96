'use client'

import { Autocomplete, NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { Path } from '@/lib/istio/edit/fields'
import classes from '../Routing.module.css'
import { useProblemsAt } from './shown-problems'

interface Common {
  label: string
  /** where the value is in the object: what is wrong there is said here */
  path: Path
  hint?: string | undefined
  width?: number | string
}

export function TextField({
  label,
  path,
  hint,
  width = 180,
  isGrowing = false,
  value,
  placeholder,
  suggestions,
  onChange,
}: Common & {
  value: string
  placeholder?: string
  /** takes what is left of its row */
  isGrowing?: boolean
  /** what is known to fit; anything may be typed */
  suggestions?: readonly string[] | undefined
  onChange: (value: string) => void
}) {
  const shown = useProblemsAt(path)
  if (suggestions) {
    return (
      <Autocomplete
        size="xs"
        w={width}
        label={label}
        description={hint}
        placeholder={placeholder}
        value={value}
        data={[...suggestions]}
        readOnly={shown.isReadOnly}
        {...messages(shown)}
        onChange={onChange}
      />
    )
  }
  return (
    <TextInput
      size="xs"
      w={isGrowing ? undefined : width}
      className={isGrowing ? classes.growing : undefined}
      label={label}
      description={hint}
      placeholder={placeholder}
      value={value}
      readOnly={shown.isReadOnly}
      {...messages(shown)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

/** A length of time as proxies read it. */
export function DurationField(props: Omit<Parameters<typeof TextField>[0], 'placeholder' | 'width'>) {
  return <TextField {...props} width={170} placeholder="not set, e.g. 5s or 250ms" />
}

export function NumberField({
  label,
  path,
  hint,
  width = 150,
  value,
  unit,
  placeholder = 'not set',
  onChange,
}: Common & {
  value: number | null
  unit?: string
  placeholder?: string
  onChange: (value: number | null) => void
}) {
  const shown = useProblemsAt(path)
  // `-` on the way to `-5` is no number yet, and must not vanish
  const [partial, setPartial] = useState<string | null>(null)
  return (
    <NumberInput
      size="xs"
      w={width}
      label={label}
      description={hint}
      placeholder={placeholder}
      value={partial ?? value ?? ''}
      hideControls
      suffix={unit ? ` ${unit}` : ''}
      readOnly={shown.isReadOnly}
      {...messages(shown)}
      onBlur={() => setPartial(null)}
      onChange={(next) => {
        const number = Number(next)
        setPartial(typeof next === 'string' && next !== '' ? next : null)
        if (next === '') onChange(null)
        else if (Number.isFinite(number)) onChange(number)
      }}
    />
  )
}

export function ChoiceField<T extends string>({
  label,
  path,
  hint,
  width = 180,
  value,
  options,
  onChange,
}: Common & {
  value: T
  options: readonly { value: T; label: string; disabled?: boolean }[]
  onChange: (value: T) => void
}) {
  const shown = useProblemsAt(path)
  return (
    <Select
      size="xs"
      w={width}
      label={label}
      description={hint}
      value={value}
      allowDeselect={false}
      readOnly={shown.isReadOnly}
      {...messages(shown)}
      data={[...options]}
      onChange={(next) => {
        const found = options.find((option) => option.value === next)
        if (found) onChange(found.value)
      }}
    />
  )
}

export function FlagField({
  label,
  path,
  hint,
  value,
  onChange,
}: Common & { value: boolean; onChange: (value: boolean) => void }) {
  const shown = useProblemsAt(path)
  return (
    <Switch
      size="xs"
      label={label}
      description={hint}
      checked={value}
      disabled={shown.isReadOnly}
      error={shown.error}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  )
}

/** Several texts, each taken with Enter or a comma. */
export function TextsField({
  label,
  path,
  hint,
  width = '100%',
  value,
  placeholder,
  onChange,
}: Common & { value: readonly string[]; placeholder?: string; onChange: (value: string[]) => void }) {
  const shown = useProblemsAt(path)
  return (
    <TagsInput
      size="xs"
      w={width}
      label={label}
      description={hint}
      placeholder={value.length === 0 ? placeholder : undefined}
      value={[...value]}
      readOnly={shown.isReadOnly}
      acceptValueOnBlur
      {...messages(shown)}
      onChange={onChange}
    />
  )
}

/** `version=v2`, as labels are written everywhere else. */
export function LabelsField({
  value,
  onChange,
  ...props
}: Omit<Parameters<typeof TextsField>[0], 'value' | 'onChange'> & {
  value: readonly [string, string][]
  onChange: (value: [string, string][]) => void
}) {
  return (
    <TextsField
      {...props}
      placeholder="name=value"
      value={value.map(([name, text]) => `${name}=${text}`)}
      onChange={(texts) =>
        onChange(
          texts.map((text): [string, string] => {
            const sign = text.indexOf('=')
            return sign < 0 ? [text.trim(), ''] : [text.slice(0, sign).trim(), text.slice(sign + 1).trim()]
          }),
        )
      }
    />
  )
}

/**
 * A name that tells one entry of a map from the others. It is written when it is whole: on the way to `x-user` it
 * would be the name of another entry for a moment, and take its place.
 */
export function NameField({
  label,
  path,
  width = 150,
  value,
  taken,
  onChange,
}: Common & { value: string; taken: readonly string[]; onChange: (value: string) => void }) {
  const shown = useProblemsAt(path)
  const [typed, setTyped] = useState<string | null>(null)
  const text = typed ?? value
  const isTaken = text !== value && taken.includes(text)
  const commit = () => {
    if (typed !== null && typed !== value && !isTaken) onChange(typed)
    if (!isTaken) setTyped(null)
  }
  return (
    <TextInput
      size="xs"
      w={width}
      label={label}
      value={text}
      readOnly={shown.isReadOnly}
      {...messages(isTaken ? { error: `${text} is there already.` } : shown)}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
      }}
    />
  )
}

/** An error is the field's own; a warning stands below it and leaves the value valid. */
function messages({ error, warning }: { error?: string; warning?: string }) {
  return {
    ...(error === undefined ? {} : { error }),
    // always there: an input that is wrapped while somebody types would lose the focus
    inputContainer: (input: ReactNode) => (
      <>
        {input}
        {error === undefined && warning !== undefined ? (
          <div className={classes.warningText}>{warning}</div>
        ) : null}
      </>
    ),
  }
}
