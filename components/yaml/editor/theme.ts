import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** Colours are variables of the page: one theme serves light and dark. */
const view = EditorView.theme({
  '&': { color: 'var(--hd-text)', backgroundColor: 'var(--hd-surface)', fontSize: '12.5px' },
  '&.cm-focused': { outline: 'none' },
  // over the gutter, too
  '&.cm-focused::after': {
    content: '""',
    position: 'absolute',
    inset: '0',
    zIndex: '210',
    border: '2px solid var(--hd-accent)',
    borderRadius: '5px',
    pointerEvents: 'none',
  },
  '.cm-scroller': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    lineHeight: '1.6',
    overflow: 'auto',
  },
  '.cm-content': { caretColor: 'var(--hd-accent)', padding: '8px 0' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--hd-accent)', borderLeftWidth: '2px' },
  '.cm-gutters': {
    color: 'var(--hd-text-3)',
    backgroundColor: 'var(--hd-sunken)',
    borderRight: '1px solid var(--hd-line)',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--hd-accent) 5%, transparent)' },
  '.cm-activeLineGutter': { color: 'var(--hd-text)', backgroundColor: 'var(--hd-hover)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, ::selection':
    { backgroundColor: 'color-mix(in srgb, var(--hd-accent) 24%, transparent) !important' },
  '.cm-matchingBracket': { backgroundColor: 'var(--hd-accent-soft)', outline: 'none' },
  '.cm-searchMatch': { backgroundColor: 'var(--hd-degraded-soft)' },
  '.cm-searchMatch-selected': { outline: '1px solid var(--hd-degraded)' },
  '.cm-foldPlaceholder': {
    color: 'var(--hd-text-2)',
    backgroundColor: 'var(--hd-hover)',
    borderColor: 'var(--hd-line-strong)',
  },
  '.cm-panels': { color: 'var(--hd-text)', backgroundColor: 'var(--hd-sunken)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--hd-line)' },
  '.cm-textfield': {
    color: 'var(--hd-text)',
    backgroundColor: 'var(--hd-surface)',
    border: '1px solid var(--hd-line-strong)',
    borderRadius: '4px',
  },
  '.cm-button': {
    color: 'var(--hd-text)',
    background: 'var(--hd-surface)',
    border: '1px solid var(--hd-line-strong)',
    borderRadius: '4px',
  },
  '.cm-tooltip': {
    color: 'var(--hd-text)',
    backgroundColor: 'var(--hd-surface)',
    border: '1px solid var(--hd-line-strong)',
    borderRadius: '6px',
    boxShadow: 'var(--hd-shadow)',
    maxWidth: '460px',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mantine-font-family-monospace)', maxHeight: '260px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: 'var(--hd-text)',
    backgroundColor: 'var(--hd-accent-soft)',
  },
  '.cm-completionInfo': { padding: '8px 10px', maxWidth: '340px', whiteSpace: 'pre-line' },
  '.cm-completionDetail': { color: 'var(--hd-text-3)', fontStyle: 'normal', marginLeft: '10px' },
  '.cm-diagnostic': { padding: '6px 10px', borderLeftWidth: '3px', whiteSpace: 'pre-line' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--hd-failing)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--hd-degraded)' },
  '.cm-diagnostic-info': { borderLeftColor: 'var(--hd-accent)' },
  '.cm-lint-marker': { width: '13px', height: '13px', cursor: 'pointer' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--hd-failing)',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--hd-degraded)',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-info': {
    backgroundImage: 'none',
    textDecoration: 'underline dotted var(--hd-accent)',
    textUnderlineOffset: '3px',
  },
  '.cm-heddle-hover': { padding: '8px 10px', whiteSpace: 'pre-line', maxHeight: '260px', overflow: 'auto' },
  '.cm-heddle-hover b': { fontFamily: 'var(--mantine-font-family-monospace)' },
  '.cm-heddle-hover i': { color: 'var(--hd-text-3)', fontStyle: 'normal', marginLeft: '8px' },
  '.cm-changedLine, &.cm-merge-b .cm-changedLine': { backgroundColor: 'var(--hd-healthy-soft)' },
  '&.cm-merge-a .cm-changedLine': { backgroundColor: 'var(--hd-failing-soft)' },
  '&.cm-merge-b .cm-changedText': {
    background: 'color-mix(in srgb, var(--hd-healthy) 35%, transparent)',
  },
  '&.cm-merge-a .cm-changedText': {
    background: 'color-mix(in srgb, var(--hd-failing) 35%, transparent)',
  },
  '.cm-collapsedLines': { color: 'var(--hd-text-2)', background: 'var(--hd-hover)' },
})

const highlight = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--hd-accent)' },
  { tag: [tags.string, tags.content, tags.special(tags.string)], color: 'var(--hd-text)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--hd-healthy-text)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--hd-text-3)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--hd-text-2)' },
  { tag: [tags.labelName, tags.typeName, tags.meta], color: 'var(--hd-degraded-text)' },
])

export const theme: Extension = [view, syntaxHighlighting(highlight)]
