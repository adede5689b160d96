'use client'

import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import type { WheelEvent } from 'react'
import { useCallback, useMemo, useState } from 'react'
import { HoverCard } from '@/components/graph/HoverCard'
import { NodeMirror } from '@/components/graph/NodeMirror'
import { isBoxId } from '@/components/graph/scene/boxes'
import { describeElement } from '@/components/graph/scene/describe'
import { sceneOf } from '@/components/graph/scene/scene'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { PageLink as Link } from '@/components/layout/PageLink'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import type { GraphView } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import classes from './SmallGraph.module.css'

const GraphCanvas = dynamic(() => import('@/components/graph/canvas/GraphCanvas'), {
  ssr: false,
  loading: () => <Skeleton height="100%" radius={0} />,
})

/** More nodes than these are dots in so small a picture: the page of the graph has room. */
export const MOST_NODES = 40

/** A part of the mesh on the page of one thing, drawn as on the page of the graph; another node opens its page. */
export function SmallGraph({
  title,
  view,
  about,
  height,
  whenQuiet,
}: {
  title: string
  view: GraphView
  /** id of the node it is about; null: of no single one */
  about: string | null
  /** known before the drawing, in pixels */
  height: number
  whenQuiet: string
}) {
  const router = useRouter()
  const answer = useQuery({ ...queries.graph(view), refetchInterval: useRefreshInterval() })
  const [hover, setHover] = useState<{ id: string; at: { x: number; y: number } } | null>(null)
  const [selected, setSelected] = useState<string | null>(about)
  const scene = useMemo(
    () =>
      answer.data
        ? sceneOf(answer.data, { boxes: ['namespace'], collapsed: [], labels: ['rate', 'p99'] })
        : null,
    [answer.data],
  )
  const describe = useCallback((each: string) => (scene ? describeElement(scene, each) : ''), [scene])
  const open = (each: string) => {
    const href = isBoxId(each) ? undefined : pagePaths.findNode(each, { window: view.window, at: view.at })
    if (href && each !== about) router.push(href)
  }
  const all = (
    <Link href={pagePaths.graph({ ...view, selected: about })} prefetch={false} className={plain.linkish}>
      Open in graph
    </Link>
  )
  return (
    <Section title={title} aside={all}>
      {scene && scene.nodes.length > MOST_NODES ? (
        <p className={plain.note}>{scene.nodes.length} nodes: too many to be told apart here.</p>
      ) : scene?.edges.length === 0 || (answer.error && !scene) ? (
        // as tall as the drawing: what stands below stays where it was
        <div className={`${classes.stage} ${classes.none}`} style={{ height }}>
          {scene ? (
            <p className={plain.note}>{whenQuiet}</p>
          ) : (
            <p className={plain.note} role="alert">
              It cannot be drawn: {answer.error?.message}
            </p>
          )}
        </div>
      ) : (
        <div className={classes.stage} style={{ height }} onWheelCapture={scrollThePage}>
          {scene ? (
            <>
              <GraphCanvas
                scene={scene}
                layout="layered"
                arrangementKey={`small ${about ?? view.namespaces?.join() ?? ''}`}
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

/** The wheel turns the page; with Ctrl it zooms, as everywhere. */
function scrollThePage(event: WheelEvent): void {
  if (!event.ctrlKey && !event.metaKey) event.stopPropagation()
}
