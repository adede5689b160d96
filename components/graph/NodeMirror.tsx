'use client'

import { VisuallyHidden } from '@mantine/core'
import { memo } from 'react'
import classes from './NodeMirror.module.css'
import { describeNode } from './scene/describe'
import type { Scene, SceneNode } from './scene/scene'

/** The canvas in words, for screen readers; the table view has every figure. */
export const NodeMirror = memo(function NodeMirror({
  scene,
  selected,
}: {
  scene: Scene
  selected: string | null
}) {
  return (
    <VisuallyHidden>
      <ul aria-label="Nodes of the graph">
        {scene.nodes.map((node) => (
          <Entry key={node.id} node={node} isSelected={node.id === selected} />
        ))}
      </ul>
    </VisuallyHidden>
  )
})

// a scene keeps the objects of what did not change: most entries are left alone
const Entry = memo(function Entry({ node, isSelected }: { node: SceneNode; isSelected: boolean }) {
  return (
    <li
      className={classes.entry}
      data-node-id={node.id}
      data-status={node.status}
      aria-current={isSelected || undefined}
    >
      {describeNode(node)}
    </li>
  )
})
