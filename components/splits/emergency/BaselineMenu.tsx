'use client'

import { Button, Menu } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useWriteAccess } from '@/components/hooks/use-write-access'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ApplyAnswer } from '@/lib/api/schemas/config/changes'
import type { Split } from '@/lib/api/schemas/config/splits'
import { formatCount } from '@/lib/units/number'
import { canGoBack } from '../change-items'
import classes from '../Splits.module.css'
import { objectName, ruleName } from '../words'
import { useToBaseline } from './use-to-baseline'

/** A menu is for a few: of more than these there is a page with a filter. */
const FIRST = 6

/** All traffic back to the baseline: open, choose, confirm. Which version that is, and why, is said before. */
export function BaselineMenu({
  splits,
  onApplied,
}: {
  splits: readonly Split[]
  onApplied?: (answer: ApplyAnswer) => void
}) {
  const { start, problem } = useToBaseline(onApplied)
  const { canWrite, whyNot } = useWriteAccess()
  return (
    <Menu position="bottom-end" width={360} withinPortal keepMounted={false}>
      <Menu.Target>
        <Button size="compact-sm" variant="default" leftSection={<IconArrowBackUp size={14} aria-hidden />}>
          All to baseline
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah="70vh" style={{ overflowY: 'auto' }}>
        {canWrite ? <BaselineItems splits={splits} onStart={(chosen) => void start(chosen)} /> : null}
        {problem || whyNot ? (
          <div className={classes.menuText} role="alert">
            {problem ?? whyNot}
          </div>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  )
}

/** What a menu offers: one entry a split, and all of them together where there are several. */
function BaselineItems({
  splits,
  onStart,
}: {
  splits: readonly Split[]
  onStart: (splits: readonly Split[]) => void
}) {
  const able = splits.filter(canGoBack)
  return (
    <>
      {able.length > 1 ? (
        <Menu.Item onClick={() => onStart(able)}>
          Send all {formatCount(able.length)} routes to their baselines
        </Menu.Item>
      ) : null}
      {splits.slice(0, FIRST).map((split) => {
        const { baseline } = split
        const name = baseline ? split.backends[baseline.place]?.name : null
        return (
          <Menu.Item key={split.id} disabled={!canGoBack(split)} onClick={() => onStart([split])}>
            {name ? `Send everything to ${name}` : 'No version to go back to'}
            <span className={classes.menuWhy}>
              {objectName(split)} {ruleName(split)}
              {baseline === null
                ? isUnread(split)
                  ? ': which pods are behind its subsets is not known, Heddle may not read DestinationRules'
                  : ': no version has ready pods, so sending everything to one would help nobody'
                : canGoBack(split)
                  ? `; ${name} is the baseline: ${baseline.why}`
                  : `; everything goes to ${name} already`}
            </span>
          </Menu.Item>
        )
      })}
      {splits.length > FIRST ? (
        <Menu.Item component={Link} prefetch={false} href={pagePaths.splits({ filter: commonName(splits) })}>
          All {formatCount(splits.length)} routes…
          <span className={classes.menuWhy}>To send one of the others back, choose it there</span>
        </Menu.Item>
      ) : null}
    </>
  )
}

/** The name by which the page of weighted routes finds these; none where they are of several objects. */
function commonName([first, ...others]: readonly Split[]): string {
  const name = first?.ref.name ?? ''
  return others.every(({ ref }) => ref.name === name) ? name : ''
}

/** Whether subsets are named that may not be read. */
function isUnread({ backends }: Split): boolean {
  return backends.some(({ subset, isSubsetDefined }) => subset !== null && isSubsetDefined === null)
}

/** The same for a node of the graph; nothing where no split sends to it. */
export function NodeBaselineMenu({ id }: { id: string }) {
  const splits = useNodeSplits(id)
  return splits.length === 0 ? null : <BaselineMenu splits={splits} />
}

/** The same among what a menu of the graph offers; `onStarted` is told when the review has opened. */
export function NodeBaselineItems({ id, onStarted }: { id: string; onStarted: () => void }) {
  const splits = useNodeSplits(id)
  const { start, problem } = useToBaseline()
  const { canWrite, whyNot } = useWriteAccess()
  if (splits.length === 0) return null
  return (
    <>
      <Menu.Divider />
      <Menu.Label>All traffic to the baseline</Menu.Label>
      {canWrite ? (
        <BaselineItems
          splits={splits}
          onStart={(chosen) => void start(chosen).then((hasOpened) => hasOpened && onStarted())}
        />
      ) : null}
      {problem || whyNot ? (
        <div className={classes.menuText} role="alert">
          {problem ?? whyNot}
        </div>
      ) : null}
    </>
  )
}

function useNodeSplits(id: string): readonly Split[] {
  const answer = useQuery({ ...queries.splits({ observed: false, node: id }), staleTime: 10_000 })
  return answer.data?.items ?? []
}
