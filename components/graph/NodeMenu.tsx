'use client'

import { Menu } from '@mantine/core'
import { IconArrowRight, IconFocus2 } from '@tabler/icons-react'
import { PageLink } from '@/components/layout/PageLink'
import { NodeBaselineItems } from '@/components/splits/emergency/BaselineMenu'
import { pagePaths, type Scope } from '@/lib/api/paths'
import type { GraphNode } from '@/lib/api/schemas/mesh/graph'
import { spokenName } from './scene/summary'

/** What can be done with a node, where it was asked for: by the second button, or by the keyboard. */
export default function NodeMenu({
  node,
  at,
  scope,
  onFocus,
  onClose,
}: {
  node: GraphNode
  /** relative to the canvas, pixels */
  at: { x: number; y: number }
  scope: Scope
  onFocus: (id: string) => void
  onClose: () => void
}) {
  const page = pagePaths.findNode(node.id, scope)
  return (
    <Menu
      opened
      onChange={(isOpen) => (isOpen ? undefined : onClose())}
      position="bottom-start"
      width={320}
      closeOnItemClick={false}
    >
      <Menu.Target>
        <span
          data-testid="node-menu"
          style={{ position: 'absolute', left: at.x, top: at.y, width: 1, height: 1 }}
        />
      </Menu.Target>
      <Menu.Dropdown
        mah="70vh"
        style={{ overflowY: 'auto' }}
        aria-label={`What can be done with ${spokenName(node)}`}
      >
        <Menu.Label>{spokenName(node)}</Menu.Label>
        {page ? (
          <Menu.Item
            component={PageLink}
            href={page}
            prefetch={false}
            leftSection={<IconArrowRight size={14} aria-hidden />}
          >
            Open details
          </Menu.Item>
        ) : null}
        <Menu.Item
          leftSection={<IconFocus2 size={14} aria-hidden />}
          onClick={() => {
            onFocus(node.id)
            onClose()
          }}
        >
          Only its neighbourhood
        </Menu.Item>
        <NodeBaselineItems id={node.id} onStarted={onClose} />
      </Menu.Dropdown>
    </Menu>
  )
}
