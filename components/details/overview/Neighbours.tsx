'use client'

import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useRouter } from 'next/navigation'
import type { WheelEvent } from 'react'
import { useCallback, useMemo, useState } from 'react'
import { HoverCard } from '@/components/graph/HoverCard'
import { NodeMirror } from '@/components/graph/NodeMirror'
import { isBoxId } from '@/components/graph/scene/boxes'
import { describeElement } from '@/components/graph/scene/describe'
import { sceneOf } from '@/components/graph/scene/scene'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import type { Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { GraphType } from '@/lib/api/schemas/graph'
import type { ItemDetail } from '@/lib/api/schemas/lists'
import classes from './Neighbours.module.css'

const GraphCanvas = dynamic(() => import('@/components/graph/canvas/GraphCanvas'), {
  ssr: false,
  loading: () => <Skeleton height="100%" radius={0} />,
})

/** More neighbours than these are dots in so small a picture: the page of the graph has room. */
const MOST_NODES = 40
const ROW_HEIGHT = 84
const LEAST_HEIGHT = 280
const MOST_HEIGHT = 620

/** Who calls it and whom it calls, drawn as on the page of the graph. */
export function Neighbours({
  detail,
  graphType,
  scope,
}: {
  detail: ItemDetail
  graphType: GraphType
  scope: Scope
}) {
  const { id } = detail.item
  const router = useRouter()
  const time = { window: scope.window, at: scope.at }
  const view = { ...time, graphType, focus: id, hops: 1, idle: detail.item.health.status === 'idle' }
  const answer = useQuery({ ...queries.graph(view), refetchInterval: useRefreshInterval() })
  const [hover, setHover] = useState<{ id: string; at: { x: number; y: number } } | null>(null)
  const [selected, setSelected] = useState<string | null>(id)
  const scene = useMemo(
    () =>
      answer.data
        ? sceneOf(answer.data, { boxes: ['namespace'], collapsed: [], labels: ['rate', 'p99'] })
        : null,
    [answer.data],
  )
  const describe = useCallback((each: string) => (scene ? describeElement(scene, each) : ''), [scene])
  const open = (each: string) => {
    const href = isBoxId(each) ? undefined : pagePaths.findNode(each, time)
    if (href && each !== id) router.push(href)
  }
  const all = (
    <Link href={pagePaths.graph({ ...view, selected: id })} prefetch={false} className={plain.linkish}>
      Open in graph
    </Link>
  )
  return (
    <Section title="Neighbours" aside={all}>
      {scene && scene.nodes.length > MOST_NODES ? (
        <p className={plain.note}>{scene.nodes.length - 1} neighbours: too many to be told apart here.</p>
      ) : scene && scene.edges.length === 0 ? (
        <p className={plain.note}>Nobody called it and it called nobody in this time.</p>
      ) : answer.error && !scene ? (
        <p className={plain.note} role="alert">
          {answer.error.message}
        </p>
      ) : (
        <div className={classes.stage} style={{ height: heightFor(detail) }} onWheelCapture={scrollThePage}>
          {scene ? (
            <>
              <GraphCanvas
                scene={scene}
                layout="layered"
                arrangementKey={`neighbours ${id}`}
                selected={selected}
                isAnimated={false}
                withLocks
                onSelect={setSelected}
                onOpen={open}
                onHover={(each, at) => setHover(each && at ? { id: each, at } : null)}
                describe={describe}
              />
              {hover ? <HoverCard scene={scene} id={hover.id} at={hover.at} /> : null}
              <NodeMirror scene={scene} selected={selected} />
            </>
          ) : (
            <Skeleton height="100%" radius={0} />
          )}
        </div>
      )}
    </Section>
  )
}

/** A row for each neighbour of the fuller side, so that names do not lie on one another; known before the drawing. */
function heightFor({ item, edges }: ItemDetail): number {
  const callers = new Set(edges.flatMap((edge) => (edge.target === item.id ? [edge.source] : [])))
  const called = new Set(edges.flatMap((edge) => (edge.source === item.id ? [edge.target] : [])))
  return Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, Math.max(callers.size, called.size) * ROW_HEIGHT))
}

/** The wheel turns the page; with Ctrl it zooms, as everywhere. */
function scrollThePage(event: WheelEvent): void {
  if (!event.ctrlKey && !event.metaKey) event.stopPropagation()
}
