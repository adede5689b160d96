'use client'

import { PageLink as Link } from '@/components/layout/PageLink'
import { CopyButton } from '@/components/ui/CopyButton'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths, type Scope } from '@/lib/api/paths'
import { formatDate } from '@/lib/units/date'
import { formatDuration } from '@/lib/units/duration'
import { explainFlags } from '@/lib/mesh/response-flags'
import { accessWords } from './access-words'
import classes from './Logs.module.css'
import type { LogRow } from './log-rows'

/** more may be taller than its frame */
const LINES_AT_ONCE = 20

/** All of one line: its fields in words where they are known, and the text itself. */
export function LineDetails({ row }: { row: LogRow; scope: Scope }) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const when = `${formatDate(row.atMs, { timeZone: zone })} ${zone}`
  if (row.kind === 'span') {
    const { span } = row
    return (
      <div className={classes.sheet}>
        <p className={classes.where}>
          {when} · {span.pod ?? 'pod not known'} · {formatDuration(span.durationMs)}
          {span.responseFlags ? ` · ${explainFlags(span.responseFlags)}` : ''}
        </p>
        <Link href={pagePaths.trace(span.traceId)} prefetch={false} className={plain.linkish}>
          Open trace {span.traceId.slice(0, 8)}
        </Link>
      </div>
    )
  }
  const { line, lines } = row
  const json = line.access ? null : prettyJson(line.text)
  return (
    <div className={classes.sheet}>
      <p className={classes.where}>
        {when} · {line.pod} · {line.container}
        <CopyButton text={line.text} label={lines === 1 ? 'Copy the line' : `Copy the ${lines} lines`} />
      </p>
      {line.access ? (
        <dl className={classes.fields}>
          {accessWords(line.access).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {/* a long one scrolls in itself, by keys too */}
      <pre className={classes.raw} tabIndex={lines > LINES_AT_ONCE ? 0 : undefined}>
        {json ?? line.text}
      </pre>
    </div>
  )
}

function prettyJson(text: string): string | null {
  if (!text.startsWith('{')) return null
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return null
  }
}
