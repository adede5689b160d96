'use client'

import { yaml } from '@codemirror/lang-yaml'
import { MergeView } from '@codemirror/merge'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { useMantineStyleNonce } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { theme } from './theme'

/** Two texts side by side; parts that are equal are folded. */
export default function CodeDiff({
  before,
  after,
  labels,
  height = '60vh',
}: {
  before: string
  after: string
  /** of the two sides */
  labels: readonly [string, string]
  height?: string
}) {
  const nonce = useMantineStyleNonce()
  const holder = useRef<HTMLDivElement>(null)
  const [left, right] = labels
  useEffect(() => {
    if (!holder.current) return
    const side = (doc: string, label: string): { doc: string; extensions: Extension } => ({
      doc,
      extensions: [
        nonce ? EditorView.cspNonce.of(nonce() ?? '') : [],
        theme,
        lineNumbers(),
        yaml(),
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({ 'aria-label': label }),
      ],
    })
    const made = new MergeView({
      parent: holder.current,
      a: side(before, left),
      b: side(after, right),
      collapseUnchanged: { margin: 4, minSize: 6 },
      highlightChanges: true,
      gutter: true,
    })
    return () => made.destroy()
  }, [before, after, left, right, nonce])
  return (
    <div style={{ maxHeight: height, overflow: 'auto' }} tabIndex={0} role="region" aria-label="Difference">
      <div ref={holder} data-testid="yaml-diff" />
    </div>
  )
}
