'use client'

import { VisuallyHidden } from '@mantine/core'
import dynamic from 'next/dynamic'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useTaste } from '@/components/hooks/use-taste'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import type { View } from '@/components/hooks/address/view-state'
import { useNarrow } from '@/components/hooks/use-narrow'
import { ResizableSide } from '@/components/ui/ResizableSide'
import { markAlerts } from '@/lib/alerts/marks'
import type { GraphView } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { CanvasHandle } from './canvas/GraphCanvas'
import classes from './GraphPage.module.css'
import { GraphStates } from './GraphStates'
import { HoverCard } from './HoverCard'
import { NodeMirror } from './NodeMirror'
import { describeElement } from './scene/describe'
import { isBoxId } from './scene/boxes'
import { findingMarks, NO_MARKS } from './scene/findings'
import { sceneOf } from './scene/scene'
import { withTrace } from './scene/trace'
import { loadEdgePanel, loadNodePanel } from './panel/load-panels'
import { PanelRoom } from './panel/PanelRoom'
import { CanvasControls } from './toolbar/CanvasControls'
import { GraphToolbar } from './toolbar/GraphToolbar'
import { TraceBarRoom } from './trace/TraceBarRoom'
import { useTraceMarks } from './trace/use-trace-marks'
import { useGraphFeed, type GraphFeed } from './use-graph-feed'
import { useShownGraph } from './use-shown-graph'

const loadCanvas = () => import('./canvas/GraphCanvas')
const GraphCanvas = dynamic(loadCanvas, { ssr: false })
const SidePanel = dynamic(() => import('./panel/SidePanel'), { ssr: false, loading: () => <PanelRoom /> })
const NodeMenu = dynamic(() => import('./NodeMenu'), { ssr: false })
const TraceBar = dynamic(() => import('./trace/TraceBar'), { ssr: false, loading: () => <TraceBarRoom /> })
const GraphTable = dynamic(() => import('./table/GraphTable'), { ssr: false })

export function GraphPage() {
  const [seen, setSeen] = useView()
  const { view, setView } = useMemo(() => tracedView(seen, setSeen), [seen, setSeen])
  const asked = useMemo(() => graphViewOf(view), [view])
  const feed = useGraphFeed(asked, view.refresh)
  useReportFreshness(feed.graph?.at ?? null, feed.isFetching, feed.isBehind)
  const canvas = useRef<CanvasHandle>(null)
  usePreparedCanvas(view)
  const [isAnimated, setAnimated] = useTaste('graph.animated', false)
  const [withLocks, setLocks] = useTaste('graph.locks', true)
  const isNarrow = useNarrow(1100)
  // how wide the window is, is not known before
  const isHydrated = useHydrated()
  const [hasPanel, setPanel] = useTaste(isNarrow ? 'graph.panel.narrow' : 'graph.panel', !isNarrow)
  const [hover, setHover] = useState<{ id: string; at: { x: number; y: number } } | null>(null)

  const [menu, setMenu] = useState<{ id: string; at: { x: number; y: number } } | null>(null)

  const shown = useShownGraph(feed, askedKey(view))
  const { graph } = shown
  const { boxes, collapsed, labels } = view
  const found = useQuery({ ...queries.findings(scopeOf(view)), refetchInterval: useRefreshInterval() }).data
  // the configuration of now says nothing about a graph of the past
  const findings = useMemo(
    () => (found && view.at === null ? findingMarks(found.items) : NO_MARKS),
    [found, view.at],
  )
  const active = useQuery({
    ...queries.alerts(),
    refetchInterval: useRefreshInterval(),
    enabled: view.at === null,
  }).data?.items
  const alerts = useMemo(
    () => (active && view.at === null ? markAlerts(active) : undefined),
    [active, view.at],
  )
  const plainScene = useMemo(
    () => (graph ? sceneOf(graph, { boxes, collapsed, labels, findings, alerts }) : null),
    [graph, boxes, collapsed, labels, findings, alerts],
  )
  const trace = useTraceMarks(view.trace)
  const traced = useMemo(
    () => (plainScene && trace.marks ? withTrace(plainScene, trace.marks) : null),
    [plainScene, trace.marks],
  )
  const scene = traced?.scene ?? plainScene
  const describe = useCallback((id: string) => (scene ? describeElement(scene, id) : ''), [scene])

  const select = useCallback(
    (id: string | null) =>
      setView({ selected: id }, id === null || view.selected !== null ? 'replace' : 'push'),
    [setView, view.selected],
  )
  const open = useCallback(
    (id: string) => {
      if (!isBoxId(id)) return setView({ focus: id, selected: id })
      const isFolded = view.collapsed.includes(id)
      setView({
        collapsed: isFolded ? view.collapsed.filter((each) => each !== id) : [...view.collapsed, id],
      })
    },
    [setView, view.collapsed],
  )
  const menuNode = menu ? graph?.nodes.find(({ id }) => id === menu.id) : undefined
  const hasContent = scene !== null && scene.nodes.length > 0
  const wantsPanel = view.selected !== null || hasPanel
  const main = (
    <div className={classes.main}>
      <VisuallyHidden component="h1">Graph</VisuallyHidden>
      <GraphToolbar
        view={view}
        setView={setView}
        notices={feed.notices}
        isAnimated={isAnimated}
        setAnimated={setAnimated}
        withLocks={withLocks}
        setLocks={setLocks}
        hasPanel={hasPanel || view.selected !== null}
        onPanel={() => {
          const isShown = hasPanel || view.selected !== null
          setPanel(!isShown)
          if (isShown && view.selected !== null) select(null)
        }}
        counts={scene ? { nodes: scene.nodes.length, edges: scene.edges.length } : null}
      />
      {view.trace === null ? null : (
        <TraceBar
          id={view.trace}
          marks={trace.marks}
          traced={traced}
          error={trace.error}
          onRetry={trace.retry}
          onLeave={() => setView({ trace: null })}
        />
      )}
      <div className={classes.stage}>
        {hasContent && view.as === 'graph' ? (
          <>
            <GraphCanvas
              ref={canvas}
              scene={scene}
              layout={view.layout}
              arrangementKey={arrangementKey(shown.asked, view)}
              selected={view.selected}
              isAnimated={isAnimated}
              withLocks={withLocks}
              lit={traced?.path ?? null}
              onSelect={select}
              onOpen={open}
              onMenu={(id, at) => setMenu({ id, at })}
              onHover={(id, at) => {
                // what is looked at is what is clicked next: its panel is there by then
                if (id) void Promise.all([loadNodePanel(), loadEdgePanel()]).catch(() => {})
                setHover(id && at ? { id, at } : null)
              }}
              describe={describe}
            />
            <CanvasControls canvas={canvas} />
            {menuNode && menu ? (
              <NodeMenu
                node={menuNode}
                at={menu.at}
                scope={scopeOf(view)}
                onFocus={open}
                onClose={() => setMenu(null)}
              />
            ) : null}
            {hover && !menu ? <HoverCard scene={scene} id={hover.id} at={hover.at} /> : null}
            <NodeMirror scene={scene} selected={view.selected} />
          </>
        ) : null}
        {hasContent && view.as === 'table' && graph ? (
          <GraphTable graph={graph} alerts={alerts} selected={view.selected} onSelect={select} />
        ) : null}
        {hasContent ? null : <GraphStates feed={feed} view={view} setView={setView} />}
      </div>
    </div>
  )
  return (
    <ResizableSide
      name="graph.panel"
      label="What is selected"
      isOfWide={view.selected === null && !isHydrated}
      side={
        !wantsPanel ? null : graph ? (
          <SidePanel graph={graph} view={view} scope={scopeOf(view)} onSelect={select} onOpen={open} />
        ) : isReading(feed) ? (
          <PanelRoom />
        ) : null
      }
    >
      {main}
    </ResizableSide>
  )
}

/** Where nothing is drawn: something has come, or nothing has said why not. */
function isReading({ graph, error, notices }: GraphFeed): boolean {
  return graph !== undefined || (!error && !notices.some(({ upstream }) => upstream))
}

type SetView = (patch: Partial<View>, how?: 'push' | 'replace') => void

/** A trace names workloads: it is drawn on them, and whoever chooses another kind of graph leaves it. */
function tracedView(seen: View, setSeen: SetView): { view: View; setView: SetView } {
  if (seen.trace === null) return { view: seen, setView: setSeen }
  return {
    view: { ...seen, graphType: 'workload', serviceNodes: false },
    setView: (patch, how) =>
      setSeen('graphType' in patch || 'serviceNodes' in patch ? { ...patch, trace: null } : patch, how),
  }
}

/** Fetches the canvas and warms the layout's worker while the figures are still on their way. */
function usePreparedCanvas({ as, layout }: Pick<View, 'as' | 'layout'>): void {
  useEffect(() => {
    if (as !== 'graph') return
    // whoever needs them reports a failure; here nothing waits
    void loadCanvas().catch(() => {})
    if (layout === 'layered') void import('./layout/engines').then(({ warmUp }) => warmUp()).catch(() => {})
  }, [as, layout])
}

function graphViewOf(view: View): GraphView {
  return {
    ...scopeOf(view),
    graphType: view.graphType,
    serviceNodes: view.serviceNodes,
    idle: view.idle,
    focus: view.focus,
    hops: view.hops,
  }
}

/** What a person asked to see: while this stays, nothing moves by itself. */
function arrangementKey(asked: string, { boxes, collapsed }: View): string {
  return [asked, boxes.join('+'), collapsed.join(',')].join('|')
}

/** The part of it that decides which nodes there are. */
function askedKey(view: View): string {
  return [
    view.graphType,
    view.namespaces.join(','),
    view.clusters.join(','),
    view.serviceNodes ? 's' : '',
    view.idle ? 'i' : '',
    view.focus ?? '',
    view.hops,
  ].join('|')
}
