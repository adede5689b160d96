'use client'

import { Menu, SegmentedControl, Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core'
import {
  IconAdjustmentsHorizontal,
  IconAffiliate,
  IconChevronDown,
  IconFocus2,
  IconLayoutSidebarRight,
  IconLayoutDistributeVertical,
  IconTable,
  IconTag,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Boxing, EdgeLabel, View } from '@/components/hooks/address/view-state'
import { EDGE_LABELS, LAYOUTS, MAX_EDGE_LABELS } from '@/components/hooks/address/view-state'
import type { Notice } from '@/lib/api/schemas/common'
import type { GraphType } from '@/lib/api/schemas/mesh/graph'
import { EDGE_LABEL_NAMES } from '../scene/edge-labels'
import classes from './GraphToolbar.module.css'
import { NoticeList } from './NoticeList'

const TYPES: { value: GraphType; label: string }[] = [
  { value: 'workload', label: 'Workloads' },
  { value: 'app', label: 'Apps' },
  { value: 'versionedApp', label: 'Versions' },
  { value: 'service', label: 'Services' },
]

const LAYOUT_WORDS: Record<View['layout'], { name: string; meaning: string }> = {
  layered: { name: 'Layered', meaning: 'callers left, callees right' },
  force: { name: 'Force', meaning: 'neighbours near each other' },
  grid: { name: 'Grid', meaning: 'even rows' },
  concentric: { name: 'Concentric', meaning: 'the most connected in the middle' },
}

const BOX_WORDS: Record<Boxing, string> = {
  namespace: 'Namespaces as boxes',
  app: 'Apps with several versions as boxes',
}

export interface GraphToolbarProps {
  view: View
  setView: (patch: Partial<View>, how?: 'push' | 'replace') => void
  notices: readonly Notice[]
  isAnimated: boolean
  setAnimated: (value: boolean) => void
  withLocks: boolean
  setLocks: (value: boolean) => void
  hasPanel: boolean
  onPanel: () => void
  counts: { nodes: number; edges: number } | null
}

export function GraphToolbar(props: GraphToolbarProps) {
  const { view, setView, notices, counts, hasPanel, onPanel } = props
  return (
    <div
      className={classes.toolbar}
      role="toolbar"
      aria-label="Graph"
      data-crowded={view.focus !== null || notices.length > 0 || undefined}
    >
      <SegmentedControl
        size="xs"
        data={TYPES}
        value={view.graphType}
        onChange={(value) =>
          setView({ graphType: value as GraphType, selected: null, focus: null, collapsed: [] })
        }
        aria-label="Graph type"
      />
      <LabelMenu chosen={view.labels} onChoose={(labels) => setView({ labels })} />
      <ShowMenu {...props} />
      <LayoutMenu layout={view.layout} onChoose={(layout) => setView({ layout })} />
      {view.focus !== null ? (
        <UnstyledButton
          className={`${classes.button} ${classes.on}`}
          onClick={() => setView({ focus: null, hops: 1 })}
          aria-label="Show the whole graph again"
        >
          <IconFocus2 size={15} aria-hidden />
          <span className={classes.focus}>{view.focus.split('/').slice(3).join(' ')}</span>
          <span aria-hidden>×</span>
        </UnstyledButton>
      ) : null}
      <div className={classes.spacer} />
      <NoticeList notices={notices} />
      {counts ? (
        <span className={`num ${classes.counts}`}>
          {counts.nodes} nodes · {counts.edges} edges
        </span>
      ) : null}
      <SegmentedControl
        size="xs"
        value={view.as}
        onChange={(value) => setView({ as: value as View['as'] })}
        aria-label="Show as"
        data={[
          {
            value: 'graph',
            label: <ViewOption icon={<IconAffiliate size={15} aria-hidden />} name="Graph" />,
          },
          { value: 'table', label: <ViewOption icon={<IconTable size={15} aria-hidden />} name="Table" /> },
        ]}
      />
      <Tooltip label={hasPanel ? 'Hide the panel' : 'Show the panel'}>
        <UnstyledButton className={classes.icon} onClick={onPanel} aria-pressed={hasPanel} aria-label="Panel">
          <IconLayoutSidebarRight size={17} stroke={1.7} aria-hidden />
        </UnstyledButton>
      </Tooltip>
    </div>
  )
}

function ViewOption({ icon, name }: { icon: ReactNode; name: string }) {
  return (
    <span className={classes.option}>
      {icon}
      <span className={classes.optionName} aria-hidden>
        {name}
      </span>
      <VisuallyHidden>{name}</VisuallyHidden>
    </span>
  )
}

function LabelMenu({ chosen, onChoose }: { chosen: EdgeLabel[]; onChoose: (labels: EdgeLabel[]) => void }) {
  const words = chosen.map((label) => EDGE_LABEL_NAMES[label].name).join(', ') || 'none'
  const toggle = (label: EdgeLabel) => {
    if (chosen.includes(label)) return onChoose(chosen.filter((each) => each !== label))
    // the oldest choice makes room
    onChoose([...chosen, label].slice(-MAX_EDGE_LABELS))
  }
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <UnstyledButton className={classes.button} aria-label={`Edge labels: ${words}`}>
          <IconTag size={15} aria-hidden />
          <span className={classes.words}>{words}</span>
          <IconChevronDown size={13} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>On the edges, at most {MAX_EDGE_LABELS}</Menu.Label>
        {EDGE_LABELS.map((label) => (
          <CheckItem
            key={label}
            isOn={chosen.includes(label)}
            name={EDGE_LABEL_NAMES[label].name}
            meaning={EDGE_LABEL_NAMES[label].meaning}
            onClick={() => toggle(label)}
          />
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function ShowMenu({ view, setView, isAnimated, setAnimated, withLocks, setLocks }: GraphToolbarProps) {
  const box = (boxing: Boxing) =>
    view.boxes.includes(boxing) ? view.boxes.filter((each) => each !== boxing) : [...view.boxes, boxing]
  return (
    <Menu position="bottom-start" width={310}>
      <Menu.Target>
        <UnstyledButton className={classes.button}>
          <IconAdjustmentsHorizontal size={15} aria-hidden />
          Show
          <IconChevronDown size={13} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>In the graph</Menu.Label>
        <CheckItem
          isOn={view.serviceNodes}
          name="Service nodes"
          meaning="the service between caller and workloads"
          onClick={() => setView({ serviceNodes: !view.serviceNodes })}
        />
        <CheckItem
          isOn={view.idle}
          name="Idle nodes and edges"
          meaning="what exists but saw no traffic"
          onClick={() => setView({ idle: !view.idle })}
        />
        {(['namespace', 'app'] as const).map((boxing) => (
          <CheckItem
            key={boxing}
            isOn={view.boxes.includes(boxing)}
            name={BOX_WORDS[boxing]}
            onClick={() => setView({ boxes: box(boxing), collapsed: [] })}
          />
        ))}
        <Menu.Divider />
        <CheckItem
          isOn={withLocks}
          name="Open lock on plaintext edges"
          meaning="where some of the traffic is not encrypted"
          onClick={() => setLocks(!withLocks)}
        />
        <CheckItem
          isOn={isAnimated}
          name="Moving traffic"
          meaning="dots per request rate, red in the share of errors"
          onClick={() => setAnimated(!isAnimated)}
        />
      </Menu.Dropdown>
    </Menu>
  )
}

function LayoutMenu({
  layout,
  onChoose,
}: {
  layout: View['layout']
  onChoose: (layout: View['layout']) => void
}) {
  return (
    <Menu position="bottom-start" width={260}>
      <Tooltip label="Layout">
        <span>
          <Menu.Target>
            <UnstyledButton className={classes.button} aria-label={`Layout: ${LAYOUT_WORDS[layout].name}`}>
              <IconLayoutDistributeVertical size={15} aria-hidden />
              <span className={classes.words}>{LAYOUT_WORDS[layout].name}</span>
              <IconChevronDown size={13} aria-hidden />
            </UnstyledButton>
          </Menu.Target>
        </span>
      </Tooltip>
      <Menu.Dropdown>
        <Menu.RadioGroup value={layout} onChange={(name) => onChoose(name as View['layout'])}>
          {LAYOUTS.map((name) => (
            <Menu.RadioItem key={name} value={name} closeMenuOnClick>
              <span className={classes.item}>
                <b>{LAYOUT_WORDS[name].name}</b>
                <small>{LAYOUT_WORDS[name].meaning}</small>
              </span>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}

function CheckItem({
  isOn,
  name,
  meaning,
  onClick,
}: {
  isOn: boolean
  name: string
  meaning?: string
  onClick: () => void
}) {
  return (
    <Menu.CheckboxItem checked={isOn} onChange={onClick}>
      <span className={classes.item}>
        <span>{name}</span>
        {meaning ? <small>{meaning}</small> : null}
      </span>
    </Menu.CheckboxItem>
  )
}
