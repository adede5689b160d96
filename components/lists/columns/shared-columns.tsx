import { Tooltip } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { PageLink as Link } from '@/components/layout/PageLink'
import type { ReactNode } from 'react'
import { severity } from '@/components/graph/scene/traffic'
import type { Column } from '@/components/ui/table/DataTable'
import { Figure } from '@/components/ui/Figure'
import { HEALTH_NAMES, HealthMark } from '@/components/ui/health/Health'
import type { Health } from '@/lib/api/schemas/common'
import type { MtlsMode } from '@/lib/api/schemas/mesh/graph'
import { formatDuration } from '@/lib/units/duration'
import { formatRatio } from '@/lib/units/ratio'
import type { Opening } from '../ListView'
import classes from '../ListView.module.css'

interface Row {
  id: string
  health: Health
}

/** By health, and among equals by the share of errors: the worst stands first. */
export function healthColumn<T extends Row>(
  opening: Opening,
  errorRatio: (row: T) => number | null,
): Column<T> {
  return {
    id: 'health',
    name: 'Health',
    isFixed: true,
    copy: { value: (row) => row.health.status },
    width: '112px',
    isDescendingFirst: true,
    // the share is below 1, so it never outweighs a step of health
    sortBy: (row) => severity(row.health.status) + (errorRatio(row) ?? 0) * 0.99,
    cell: (row) => <HealthCell row={row} opening={opening} />,
  }
}

/** What a row is called, leading to its page. */
export function nameColumn<T extends { name: string }>(hrefOf: (row: T) => string, width: string): Column<T> {
  return {
    id: 'name',
    name: 'Name',
    isFixed: true,
    width,
    sortBy: (row) => row.name,
    cell: (row) => (
      <Link href={hrefOf(row)} prefetch={false} className={classes.name} title={row.name}>
        {row.name}
      </Link>
    ),
  }
}

function HealthCell({ row, opening }: { row: Row; opening: Opening }) {
  const { status, reasons } = row.health
  const words = (
    <>
      <HealthMark status={status} size={15} />
      {HEALTH_NAMES[status]}
    </>
  )
  if (reasons.length === 0) {
    return (
      <span className={classes.health} data-status={status}>
        {words}
      </span>
    )
  }
  const isOpen = opening.isOpen(row.id)
  return (
    <Tooltip
      disabled={isOpen}
      position="bottom-start"
      label={
        <ul className={classes.tips}>
          {reasons.slice(0, 5).map((reason) => (
            <li key={reason.code + reason.message}>{reason.message}</li>
          ))}
        </ul>
      }
    >
      <button
        type="button"
        className={classes.health}
        data-status={status}
        aria-expanded={isOpen}
        onClick={() => opening.toggle(row.id)}
      >
        {words}
        <IconChevronRight size={13} className={classes.chevron} data-open={isOpen || undefined} aria-hidden />
      </button>
    </Tooltip>
  )
}

interface FigureOptions<T> {
  value: (row: T) => number | null
  format: (value: number | null) => string
  /** in place of `format` where the text says more than the value */
  text?: (row: T) => string
  before?: (row: T) => string | null
  tone?: (row: T) => string | undefined
  width?: string
  /** header of a copy, with the unit of `value` */
  copied?: string
  copy?: (row: T) => string | number | null
  /** in a copy, a column of its own beside it */
  copyBeside?: { header: string; value: (row: T) => string | null }
}

/** A column of figures: right-aligned, largest first, absence as a dash. */
export function figureColumn<T>(
  id: string,
  name: string,
  meaning: string,
  options: FigureOptions<T>,
): Column<T> {
  const {
    value,
    format,
    text,
    before,
    tone,
    width = 'minmax(72px, 0.8fr)',
    copied,
    copy,
    copyBeside,
  } = options
  return {
    id,
    name,
    meaning,
    width,
    align: 'right',
    sortBy: value,
    copy: { header: copied ?? name, value: copy ?? value, ...(copyBeside ? { beside: copyBeside } : {}) },
    cell: (row) => {
      const shade = tone?.(row)
      const prefix = before?.(row) ?? null
      return (
        <>
          {prefix ? <span className={classes.quiet}>{prefix} </span> : null}
          <Figure text={text ? text(row) : format(value(row))} {...(shade ? { tone: shade } : {})} />
        </>
      )
    },
  }
}

/** Colour marks the exception: errors of something that is well stay grey. */
function toneOf(health: Health, hasErrors: boolean): string | undefined {
  if (!hasErrors) return undefined
  return health.status === 'failing' || health.status === 'degraded' ? health.status : undefined
}

/** Where a thing runs; nothing where all are of one cluster. */
export function clusterColumn<T extends { cluster: string }>(
  items: readonly T[],
  width: string,
): Column<T> | false {
  const clusters = new Set(items.map((item) => item.cluster))
  return (
    clusters.size > 1 && {
      id: 'cluster',
      name: 'Cluster',
      width,
      sortBy: (item) => item.cluster,
      cell: (item) => item.cluster,
    }
  )
}

/** Share of requests that fail, 0..1; coloured where the health is not well. */
export function errorColumn<T extends Row>(errorRatio: (row: T) => number | null): Column<T> {
  return figureColumn('errors', 'Errors', '5xx, no response and gRPC errors, of all requests', {
    value: errorRatio,
    format: formatRatio,
    copied: 'Errors (share)',
    tone: (row) => toneOf(row.health, (errorRatio(row) ?? 0) > 0),
  })
}

export function p99Column<T>(p99Ms: (row: T) => number | null): Column<T> {
  return figureColumn('p99', 'P99', '99 of 100 requests are faster', {
    value: p99Ms,
    format: formatDuration,
    copied: 'P99 (ms)',
  })
}

/** Available of desired, those that lack most first; nothing where no row knows. `tone` is asked where some lack. */
export function replicaColumn<T extends { replicas: { available: number; desired: number } | null }>(
  items: readonly T[],
  meaning: string,
  options: { tone: (available: number) => string; width?: string },
): Column<T> | false {
  const text = (item: T, between: string) =>
    item.replicas && `${item.replicas.available}${between}${item.replicas.desired}`
  return (
    items.some((item) => item.replicas !== null) &&
    figureColumn('replicas', 'Replicas', meaning, {
      value: (item) => item.replicas && item.replicas.available - item.replicas.desired,
      format: () => '',
      copied: 'Replicas (available of desired)',
      copy: (item) => text(item, ' of '),
      text: (item) => text(item, ' / ') ?? '–',
      tone: ({ replicas }) =>
        replicas && replicas.available < replicas.desired ? options.tone(replicas.available) : undefined,
      ...(options.width === undefined ? {} : { width: options.width }),
    })
  )
}

/** Strictest first. */
const MTLS_RANK: Record<MtlsMode, number> = { STRICT: 0, PERMISSIVE: 1, DISABLE: 2 }
export const MTLS_WORDS: Record<MtlsMode, string> = {
  STRICT: 'strict',
  PERMISSIVE: 'permissive',
  DISABLE: 'off',
}

/** What its ports accept, strictest first. */
export function mtlsColumn<T extends { mtls: { mode: MtlsMode | null } | null }>(
  meaning: string,
  cell: (row: T) => ReactNode,
): Column<T> {
  return {
    id: 'mtls',
    name: 'mTLS',
    meaning,
    width: '98px',
    sortBy: ({ mtls }) => (mtls?.mode ? MTLS_RANK[mtls.mode] : null),
    copy: { value: ({ mtls }) => mtls?.mode ?? null },
    cell,
  }
}
