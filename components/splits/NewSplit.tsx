'use client'

import { Button, Popover } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import type { Scope } from '@/lib/api/paths'

// a list to search in is heavy, and most who come here want none
const ServiceChoice = dynamic(() => import('./ServiceChoice'), { ssr: false })

/** The way to the first split of a service: which one is chosen here, the rest on its page. */
export function NewSplit({ scope }: { scope: Scope }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      width={320}
      trapFocus
      withinPortal
      shadow="md"
    >
      <Popover.Target>
        <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setOpen(!isOpen)}>
          New split
        </Button>
      </Popover.Target>
      <Popover.Dropdown>{isOpen ? <ServiceChoice scope={scope} /> : null}</Popover.Dropdown>
    </Popover>
  )
}
