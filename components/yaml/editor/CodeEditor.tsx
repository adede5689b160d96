'use client'

import { autocompletion, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Annotation, EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { useMantineStyleNonce } from '@mantine/core'
import { useEffect, useId, useRef } from 'react'
import type { KindSchema } from '@/lib/istio/kind-schema'
import plain from '@/components/ui/Plain.module.css'
import { diagnosticsOf, type LineMark } from './marks'
import { completeFrom, hoverFrom } from './schema-help'
import { theme } from './theme'

export interface YamlEditorProps {
  value: string
  onChange?: (value: string) => void
  readOnly?: boolean
  /** shown in the gutter and under their lines */
  findings?: readonly LineMark[]
  /** of the kind that is edited: completion and hover */
  schema?: KindSchema | null
  /** what screen readers call it */
  label: string
  /** CSS height; the text scrolls within */
  height?: string
  /** most characters; what would make the text longer is not taken in */
  most?: number
  /** told when something was not taken in */
  onTooLong?: (characters: number) => void
  /** a line to go to; another object goes there again */
  goTo?: { line: number } | null
}

const fromOutside = Annotation.define<boolean>()
const NO_MARKS: readonly LineMark[] = []

/** A CodeMirror made once; what changes from outside is put into it as a change. */
export default function CodeEditor({
  value,
  onChange,
  readOnly = false,
  findings = NO_MARKS,
  schema = null,
  label,
  height,
  most,
  onTooLong,
  goTo = null,
}: YamlEditorProps) {
  const nonce = useMantineStyleNonce()
  const hint = useId()
  const holder = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const latest = useRef({ onChange, onTooLong, schema, value, most })
  useEffect(() => {
    latest.current = { onChange, onTooLong, schema, value, most }
  })

  useEffect(() => {
    if (!holder.current) return
    const made = new EditorView({
      parent: holder.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          nonce ? EditorView.cspNonce.of(nonce() ?? '') : [],
          basics,
          readOnly ? EditorState.readOnly.of(true) : writing(latest),
          hoverTooltip(
            hoverFrom(() => latest.current.schema),
            { hideOnChange: true },
          ),
          // what can be edited can be reached by Tab anyway; said so that checkers know the text scrolls by keyboard
          EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': hint, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || update.transactions.some((each) => each.annotation(fromOutside))) return
            latest.current.onChange?.(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = made
    return () => {
      view.current = null
      made.destroy()
    }
  }, [readOnly, label, hint, nonce])

  useEffect(() => {
    const editor = view.current
    const doc = editor?.state.doc
    if (!editor || !doc || doc.toString() === value) return
    editor.dispatch({
      changes: { from: 0, to: doc.length, insert: value },
      annotations: fromOutside.of(true),
      filter: false,
    })
  }, [value, readOnly])

  useEffect(() => {
    const editor = view.current
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(findings, editor.state.doc)))
  }, [findings, value, readOnly])

  useEffect(() => {
    const editor = view.current
    if (!editor || !goTo) return
    const line = editor.state.doc.line(Math.min(Math.max(goTo.line, 1), editor.state.doc.lines))
    editor.dispatch({
      selection: { anchor: line.from },
      effects: EditorView.scrollIntoView(line.from, { y: 'center' }),
    })
    editor.focus()
  }, [goTo])

  return (
    <>
      <div
        ref={holder}
        style={{ height, overflow: 'hidden' }}
        data-testid="yaml-editor"
        className="hd-yaml"
      />
      <span id={hint} className={plain.hidden}>
        {readOnly ? '' : 'Press Escape and then Tab to leave the editor. Control Space completes.'}
      </span>
    </>
  )
}

const basics: Extension = [
  theme,
  EditorView.theme({ '&': { height: '100%' } }),
  lineNumbers(),
  foldGutter(),
  lintGutter(),
  drawSelection(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  bracketMatching(),
  highlightSelectionMatches(),
  search({ top: true }),
  indentUnit.of('  '),
  EditorState.tabSize.of(2),
  yaml(),
  keymap.of([...searchKeymap, ...foldKeymap, ...lintKeymap]),
]

interface Latest {
  current: Pick<YamlEditorProps, 'most' | 'onTooLong'> & { schema: KindSchema | null }
}

function writing(latest: Latest): Extension {
  return [
    history(),
    indentOnInput(),
    autocompletion({ override: [completeFrom(() => latest.current.schema)], icons: false }),
    keymap.of([...completionKeymap, indentWithTab, ...defaultKeymap, ...historyKeymap]),
    EditorState.changeFilter.of((transaction) => {
      const { most, onTooLong } = latest.current
      const { length } = transaction.newDoc
      // what is too long already may become shorter
      if (most === undefined || length <= most || length <= transaction.startState.doc.length) return true
      // a state may be computed while React renders: it is told afterwards
      setTimeout(() => onTooLong?.(length))
      return false
    }),
  ]
}
