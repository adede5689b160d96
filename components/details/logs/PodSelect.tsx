import { Select } from '@mantine/core'
import classes from './Logs.module.css'

/** Up to here a list is read faster than a name is typed. */
const FEW = 10

interface NamedPod {
  name: string
  ready: boolean
}

/** One of the pods of a workload or a namespace. Of many the one that is meant is found by typing part of its name. */
export function PodSelect({
  pods,
  value,
  onChange,
  whole,
  width,
}: {
  pods: readonly NamedPod[]
  /** null: all of them */
  value: string | null
  onChange: (pod: string | null) => void
  /** what all of them together are called; absent: one must be chosen */
  whole?: string
  width: number
}) {
  const isGone = whole !== undefined && value !== null && !pods.some(({ name }) => name === value)
  const isSearched = pods.length > FEW
  return (
    <Select
      size="xs"
      w={width}
      aria-label="Pod"
      searchable={isSearched}
      // what is typed takes the place of the name that is chosen
      onFocus={isSearched ? (event) => event.currentTarget.select() : undefined}
      nothingFoundMessage="No pod of this name"
      data={[
        ...(whole === undefined ? [] : [{ value: '', label: whole }]),
        ...(isGone ? [{ value, label: `${value} (gone)` }] : []),
        ...pods.map(({ name, ready }) => ({ value: name, label: ready ? name : `${name} (not ready)` })),
      ]}
      value={value ?? ''}
      onChange={(pod) => onChange(pod || null)}
      allowDeselect={false}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      classNames={{ dropdown: classes.pods }}
    />
  )
}
