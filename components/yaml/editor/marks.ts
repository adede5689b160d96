/** Findings and problems as marks in the gutter and under their lines. */
import type { Diagnostic } from '@codemirror/lint'
import type { Text } from '@codemirror/state'
import { pagePaths } from '@/lib/api/paths'

/** Something to be said about a line. */
export interface LineMark {
  severity: 'error' | 'warning' | 'info'
  message: string
  /** from 1; null: about the whole text */
  line: number | null
  /** of a checker, with a page of its own */
  code?: string
}

/** Each mark under the written part of its line; lines that are gone are those of the end. */
export function diagnosticsOf(marks: readonly LineMark[], doc: Text): Diagnostic[] {
  return marks
    .map((mark): Diagnostic => {
      const line = doc.line(Math.min(Math.max(mark.line ?? 1, 1), doc.lines))
      const lead = line.text.length - line.text.trimStart().length
      const from = Math.min(line.from + lead, line.to)
      return {
        from,
        to: Math.max(line.to, from),
        severity: mark.severity,
        message: mark.code === undefined ? mark.message : `${mark.code}: ${mark.message}`,
        ...(mark.code === undefined ? {} : { renderMessage: () => linked(mark.code ?? '', mark.message) }),
      }
    })
    .sort((a, b) => a.from - b.from)
}

function linked(code: string, message: string): Node {
  const dom = document.createElement('span')
  const link = dom.appendChild(document.createElement('a'))
  link.href = pagePaths.check(code)
  link.target = '_blank'
  link.rel = 'noreferrer'
  link.textContent = code
  dom.append(` ${message}`)
  return dom
}
