'use client'

import { IconLink } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import classes from '../masthead/Masthead.module.css'
import { MastheadPopover } from '../masthead/MastheadPopover'
import { usePanel } from '../panels'

const ShareSheet = dynamic(() => import('./ShareSheet'), {
  ssr: false,
  loading: () => <div className={classes.sheetLoading} data-small />,
})

/** Copies a link to what is seen, at the instant it is seen. */
export function ShareControl() {
  return (
    <MastheadPopover
      open={usePanel('share')}
      label="Share"
      title="Share"
      tooltip="Copy a link to this view at this instant"
      width={360}
      sheet={<ShareSheet />}
    >
      <IconLink size={16} aria-hidden />
    </MastheadPopover>
  )
}
