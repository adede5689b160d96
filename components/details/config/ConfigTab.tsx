'use client'

import { ConfigList } from '../ConfigList'
import classes from '../Details.module.css'
import type { TabProps } from '../tabs'

/** The objects that have a say in what happens here. */
export default function ConfigTab({ detail }: TabProps) {
  return (
    <div className={classes.card}>
      <ConfigList cluster={detail.item.cluster} config={detail.config} />
    </div>
  )
}
