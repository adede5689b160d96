import classes from './DiffView.module.css'

export interface DiffViewLine {
  mark: ' ' | '-' | '+' | '@'
  text: string
}

const WORDS = { '-': 'removed', '+': 'added' } as const

/** Lines of a text that changes: by colour and by sign; screen readers hear which are added and removed. */
export function DiffView({ label, lines }: { label: string; lines: readonly DiffViewLine[] }) {
  return (
    <div className={classes.diff} role="region" aria-label={label} tabIndex={0}>
      <div className={classes.lines}>
        {lines.map(({ mark, text }, index) => (
          <div key={index} className={classes.line} data-mark={mark}>
            <span className={classes.sign} aria-hidden>
              {mark === '@' ? '' : mark}
            </span>
            {mark === '-' || mark === '+' ? <span className={classes.word}>{WORDS[mark]}: </span> : null}
            <span className={classes.text}>{text}</span>
          </div>
        ))}
      </div>
    </div>
  )
}

/** The lines of a unified diff without its file names. */
export function unifiedLines(diff: string): DiffViewLine[] {
  return diff
    .replace(/\n$/, '')
    .split('\n')
    .slice(2)
    .map((line) =>
      line.startsWith('@@')
        ? { mark: '@', text: placeOf(line) }
        : { mark: line.startsWith('-') ? '-' : line.startsWith('+') ? '+' : ' ', text: line.slice(1) },
    )
}

/** `@@ -12,7 +12,8 @@` for a reader. */
function placeOf(header: string): string {
  const line = /\+(\d+)/.exec(header)?.[1]
  return line === undefined || line === '0' ? '' : `line ${line}`
}
