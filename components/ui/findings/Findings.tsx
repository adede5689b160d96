'use client'

import { Tooltip } from '@mantine/core'
import { useMemo } from 'react'
import { IconAlertTriangleFilled, IconInfoCircleFilled, IconCircleXFilled } from '@tabler/icons-react'
import { PageLink as Link } from '@/components/layout/PageLink'
import { pagePaths } from '@/lib/api/paths'
import type { Finding } from '@/lib/api/schemas/config/analyze'
import { useFirst } from '../use-first'
import classes from './Findings.module.css'

export type Severity = Finding['severity']

export const SEVERITY_NAMES: Record<Severity, string> = {
  error: 'Error',
  warning: 'Warning',
  info: 'Information',
}

const ICONS = { error: IconCircleXFilled, warning: IconAlertTriangleFilled, info: IconInfoCircleFilled }
const ORDER: readonly Severity[] = ['error', 'warning', 'info']

/** Severity by shape, colour and, for those who hear the page, by word. */
export function SeverityIcon({ severity, size = 16 }: { severity: Severity; size?: number }) {
  const Icon = ICONS[severity]
  return (
    <Tooltip label={SEVERITY_NAMES[severity]}>
      <span
        className={classes.icon}
        data-severity={severity}
        role="img"
        aria-label={SEVERITY_NAMES[severity]}
      >
        <Icon size={size} aria-hidden />
      </span>
    </Tooltip>
  )
}

const FIRST = 30
/** The third rule before the tenth. */
const NUMERIC = new Intl.Collator('en', { numeric: true })

type Shown = Finding & { id?: string }

/**
 * Findings, worst first, each with what it means one click away. `showObject` names the objects, for lists about
 * several; `linkOf` says where an object's page is; `onPlace` makes the place a button, for an editor beside it.
 */
export function Findings<T extends Shown>({
  findings,
  label = 'Findings',
  whenNone = 'No findings.',
  showObject = false,
  linkOf,
  onPlace,
}: {
  findings: readonly T[]
  label?: string
  whenNone?: string
  showObject?: boolean
  linkOf?: (finding: T) => string | undefined
  onPlace?: (finding: T) => void
}) {
  const sorted = useMemo(
    () =>
      [...findings].sort(
        (a, b) =>
          ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || NUMERIC.compare(a.id ?? '', b.id ?? ''),
      ),
    [findings],
  )
  const { shown, more } = useFirst(sorted, FIRST)
  if (findings.length === 0) return <p className={classes.none}>{whenNone}</p>
  return (
    <>
      <ul className={classes.list} aria-label={label}>
        {shown.map((finding, at) => (
          <li key={finding.id ?? at} className={classes.finding} data-severity={finding.severity}>
            <SeverityIcon severity={finding.severity} size={15} />
            <div className={classes.body}>
              <div className={classes.head}>
                {showObject ? <ObjectName finding={finding} href={linkOf?.(finding)} /> : null}
                <Link href={pagePaths.check(finding.code)} className={classes.code} prefetch={false}>
                  {finding.code}
                </Link>
                <Place finding={finding} onPlace={onPlace} />
              </div>
              <div className={classes.message}>{finding.message}</div>
            </div>
          </li>
        ))}
      </ul>
      {more}
    </>
  )
}

function ObjectName({ finding, href }: { finding: Finding; href: string | undefined }) {
  const { kind, namespace, name } = finding.object
  const text = `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`
  return href === undefined ? (
    <span className={classes.object}>{text}</span>
  ) : (
    <Link href={href} className={classes.object} prefetch={false}>
      {text}
    </Link>
  )
}

function Place<T extends Shown>({
  finding,
  onPlace,
}: {
  finding: T
  onPlace: ((finding: T) => void) | undefined
}) {
  const { path, line } = finding
  const text = [line === null ? null : `line ${line}`, path].filter((part) => part !== null).join(', ')
  if (text === '') return null
  return onPlace && line !== null ? (
    <button type="button" className={classes.place} onClick={() => onPlace(finding)}>
      {text}
    </button>
  ) : (
    <span className={classes.place}>{text}</span>
  )
}
