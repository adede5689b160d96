'use client'

import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import type { YamlEditorProps } from './editor/CodeEditor'

export type { YamlEditorProps } from './editor/CodeEditor'

const CodeEditor = dynamic<YamlEditorProps>(() => import('./editor/CodeEditor'), {
  ssr: false,
  loading: () => <Waiting />,
})

/** YAML with highlighting, folding, search, findings in the gutter, and completion from a schema; fetched when shown. */
export function YamlEditor({ height = '60vh', ...props }: YamlEditorProps) {
  // its room is kept while its code is fetched: nothing below it moves
  return (
    <div style={{ minHeight: height }}>
      <CodeEditor {...props} height={height} />
    </div>
  )
}

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
