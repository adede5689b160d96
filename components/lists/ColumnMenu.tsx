'use client'

import { Checkbox, Popover } from '@mantine/core'
import { IconColumns3 } from '@tabler/icons-react'
import { isChosen, withColumn } from './chosen-columns'
import classes from './ListView.module.css'

interface Choosable {
  id: string
  name: string
  meaning?: string
  isExtra?: boolean
  isFixed?: boolean
}

/** Shows and hides columns; what is chosen stays in this browser. */
export function ColumnMenu({
  columns,
  chosen,
  onChange,
}: {
  columns: readonly Choosable[]
  chosen: string
  onChange: (chosen: string) => void
}) {
  return (
    <Popover position="bottom-end" shadow="md" withinPortal trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={classes.tool}>
          <IconColumns3 size={15} aria-hidden /> Columns
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <div className={classes.columnChoices} role="group" aria-label="Columns">
          {columns
            .filter((column) => !column.isFixed)
            .map((column) => (
              <Checkbox
                key={column.id}
                size="xs"
                label={column.name}
                title={column.meaning}
                checked={isChosen(chosen, column)}
                onChange={(event) => onChange(withColumn(chosen, column, event.currentTarget.checked))}
              />
            ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
