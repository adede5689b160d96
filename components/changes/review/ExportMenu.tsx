'use client'

import { Button, Menu } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { copyText } from '@/components/ui/copy-text'
import type { ChangePreview } from '@/lib/api/schemas/config/changes'
import type { ExportedObject } from '@/lib/changes/text/export'
import { asGitPatch, asKubectl, asYaml } from '@/lib/changes/text/export'

const FORMS: { name: string; write: (objects: readonly ExportedObject[]) => string }[] = [
  { name: 'YAML of the result', write: asYaml },
  { name: 'kubectl commands', write: asKubectl },
  { name: 'Git patch', write: asGitPatch },
]

/** The change for other hands, instead of applying it here. */
export function ExportMenu({ changes }: { changes: readonly ChangePreview[] }) {
  const [said, setSaid] = useState<string | null>(null)
  const put = async (name: string, text: string) => {
    setSaid((await copyText(text)) ? `Copied ${name}` : 'The browser refused the clipboard')
  }
  return (
    <>
      <Menu position="top-start" shadow="md">
        <Menu.Target>
          <Button variant="default" size="xs" leftSection={<IconCopy size={14} aria-hidden />}>
            Copy instead
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {FORMS.map(({ name, write }) => (
            <Menu.Item
              key={name}
              leftSection={said === `Copied ${name}` ? <IconCheck size={14} aria-hidden /> : null}
              onClick={() => void put(name, write(changes))}
            >
              {name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <span role="status">{said}</span>
    </>
  )
}
