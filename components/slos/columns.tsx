import { IconChevronRight } from '@tabler/icons-react'
import { PageLink as Link } from '@/components/layout/PageLink'
import type { Column } from '@/components/ui/table/DataTable'
import { Figure } from '@/components/ui/Figure'
import { HEALTH_NAMES, HealthMark } from '@/components/ui/health/Health'
import { pagePaths, type Scope } from '@/lib/api/paths'
import type { Slo } from '@/lib/api/schemas/telemetry/slos'
import { formatWindow } from '@/lib/units/window'
import { BudgetBar } from './BudgetBar'
import { budgetWords, formatShare, goneWords, objectiveWords, paceWords } from './slo-words'
import classes from './Slos.module.css'

const RANK = { failing: 3, degraded: 2, unknown: 1, healthy: 0 } as const

export function sloColumns(
  opening: { isOpen: (id: string) => boolean; toggle: (id: string) => void },
  scope: Scope,
  shows: { isNarrow: boolean; isTight: boolean; clusters: boolean },
): Column<Slo>[] {
  const time = { window: scope.window ?? '2m' }
  const columns: (Column<Slo> | false)[] = [
    {
      id: 'state',
      name: 'State',
      width: '112px',
      isDescendingFirst: true,
      // the share is below 1, so it never outweighs a state
      sortBy: (slo) => RANK[slo.state] - Math.max(0, Math.min(1, slo.budgetLeft ?? 1)) * 0.9,
      cell: (slo) => (
        <button
          type="button"
          className={classes.state}
          data-status={slo.state}
          aria-expanded={opening.isOpen(slo.id)}
          onClick={() => opening.toggle(slo.id)}
        >
          <HealthMark status={slo.state} size={15} />
          {HEALTH_NAMES[slo.state]}
          <IconChevronRight size={13} data-open={opening.isOpen(slo.id) || undefined} aria-hidden />
        </button>
      ),
    },
    {
      id: 'name',
      name: 'Service',
      width: 'minmax(112px, 1.4fr)',
      sortBy: (slo) => slo.name,
      cell: (slo) => (
        <Link
          prefetch={false}
          className={classes.name}
          href={pagePaths.item('services', slo, time)}
          title={slo.name}
        >
          {slo.name}
        </Link>
      ),
    },
    {
      id: 'namespace',
      name: 'Namespace',
      width: 'minmax(86px, 1fr)',
      sortBy: (slo) => slo.namespace,
      cell: (slo) => <span title={`${slo.cluster} / ${slo.namespace}`}>{slo.namespace}</span>,
    },
    shows.clusters && {
      id: 'cluster',
      name: 'Cluster',
      width: 'minmax(64px, 0.7fr)',
      sortBy: (slo) => slo.cluster,
      cell: (slo) => slo.cluster,
    },
    {
      id: 'objective',
      name: 'Objective',
      width: 'minmax(140px, 1.3fr)',
      sortBy: (slo) => objectiveWords(slo),
      cell: (slo) => objectiveWords(slo),
    },
    !shows.isNarrow && {
      id: 'window',
      name: 'Over',
      meaning: 'the time the objective is about',
      width: '68px',
      sortBy: (slo) => slo.windowSeconds,
      cell: (slo) => formatWindow(slo.windowSeconds),
    },
    !shows.isNarrow && {
      id: 'good',
      name: 'Good',
      meaning: 'share of good requests in what is known of that time',
      // a figure that is cut is another one; names have titles
      width: '80px',
      align: 'right',
      sortBy: (slo) => slo.goodRatio,
      cell: (slo) => <Figure text={formatShare(slo.goodRatio)} why={slo.problem ?? 'Nothing was asked'} />,
    },
    {
      id: 'budget',
      name: 'Budget left',
      meaning: 'of the failures the objective allows; “at most” where a part of the time is not known',
      width: shows.isTight ? 'minmax(122px, 1fr)' : 'minmax(184px, 1.4fr)',
      isDescendingFirst: false,
      sortBy: (slo) => slo.budgetLeft,
      cell: (slo) => (
        <span className={classes.budget}>
          {/* the figure says the same, and where one has no room the paces beside it would be cut off */}
          {shows.isTight ? null : <BudgetBar left={slo.budgetLeft} state={slo.state} />}
          <Figure text={budgetWords(slo)} why={slo.problem ?? 'Nothing was asked'} />
        </span>
      ),
    },
    {
      id: 'gone',
      name: 'Gone',
      meaning: 'when the budget is spent at the pace of the last hour',
      width: '118px',
      sortBy: (slo) => slo.goneInSeconds ?? (slo.budgetLeft === null ? null : Number.MAX_VALUE),
      cell: (slo) => <Figure text={goneWords(slo)} why="Not known" />,
    },
    pace('hour', '1 h', 3_600),
    // what names the cluster has its room; the row tells all paces when it is opened
    !shows.isNarrow && !(shows.isTight && shows.clusters) && pace('quarter', '6 h', 21_600),
    !shows.isNarrow && pace('days', '3 d', 259_200),
  ]
  return columns.filter((column) => column !== false)
}

function pace(id: string, name: string, seconds: number): Column<Slo> {
  const rateOf = (slo: Slo) => slo.burns.find(({ windowSeconds }) => windowSeconds === seconds)?.rate ?? null
  return {
    id,
    name: `Burn ${name}`,
    meaning: 'how fast the budget is spent; at 1 × it just lasts',
    width: '68px',
    align: 'right',
    sortBy: rateOf,
    cell: (slo) => (
      <Figure
        text={paceWords(rateOf(slo))}
        why="Nothing was asked, or longer than the objective"
        {...(slo.broken.some(({ longSeconds, shortSeconds }) => [longSeconds, shortSeconds].includes(seconds))
          ? { tone: slo.state === 'failing' ? 'failing' : 'degraded' }
          : {})}
      />
    ),
  }
}
