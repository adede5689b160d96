'use client'

import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import type { YamlEditorProps } from './editor/CodeEditor'

export type { YamlEditorProps } from './editor/CodeEditor'

/** YAML with highlighting, folding, search, findings in the gutter, and completion from a schema; fetched when shown. */
export const YamlEditor = dynamic<YamlEditorProps>(() => import('./editor/CodeEditor'), {
  ssr: false,
  loading: () => <Waiting />,
})

/** Two states of a text side by side, what differs marked; fetched when shown. */
export const YamlDiff = dynamic(() => import('./editor/CodeDiff'), { ssr: false, loading: () => <Waiting /> })

function Waiting() {
  return (
    <div role="status" aria-label="Loading" aria-busy style={{ padding: 16 }}>
      {Array.from({ length: 18 }, (_, line) => (
        <Skeleton key={line} height={9} mb={12} width={`${24 + ((line * 23) % 45)}%`} radius="sm" />
      ))}
    </div>
  )
}
