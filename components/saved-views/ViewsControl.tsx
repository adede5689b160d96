'use client'

import { IconBookmark } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import classes from '@/components/layout/masthead/Masthead.module.css'
import { MastheadPopover } from '@/components/layout/masthead/MastheadPopover'
import { usePanel } from '@/components/layout/panels'

const ViewsSheet = dynamic(() => import('./ViewsSheet'), {
  ssr: false,
  loading: () => <div className={classes.sheetLoading} />,
})

/** Names what is looked at, and leads back to what was named before. */
export function ViewsControl() {
  const open = usePanel('views')
  const [, setOpen] = open
  return (
    <MastheadPopover
      open={open}
      label="Saved views"
      title="Saved views"
      tooltip="Saved views"
      width={380}
      sheet={<ViewsSheet onDone={() => setOpen(false)} />}
    >
      <IconBookmark size={16} aria-hidden />
    </MastheadPopover>
  )
}
