'use client'

import { alertMarkWords } from '@/lib/alerts/marks'
import { HEALTH_NAMES } from '@/components/ui/health/Health'
import { BADGE_WORDS } from './canvas/paint/glyphs'
import classes from './HoverCard.module.css'
import { describeEdge, kindWords } from './scene/describe'
import type { Scene } from './scene/scene'

/** What the marks of a node mean, in words, while the pointer rests on it. */
export function HoverCard({ scene, id, at }: { scene: Scene; id: string; at: { x: number; y: number } }) {
  const node = scene.nodes.find((each) => each.id === id)
  const edge = node ? undefined : scene.edges.find((each) => each.id === id)
  if (!node && !edge) return null
  return (
    <div
      className={classes.card}
      // beside the pointer, and never over the edge of the canvas
      style={{
        left: `min(${Math.round(at.x + 16)}px, calc(100% - 316px))`,
        top: `min(${Math.round(at.y + 18)}px, calc(100% - 140px))`,
      }}
      aria-hidden
    >
      {node ? (
        <>
          <div className={classes.title}>{node.folded ? node.title : node.node.name}</div>
          <div className={classes.quiet}>{kindWords(node)}</div>
          {node.status === 'healthy' || node.node.health.reasons.length > 0 ? null : (
            <div>{HEALTH_NAMES[node.status]}</div>
          )}
          {node.node.health.reasons.slice(0, 3).map((reason) => (
            <div key={reason.code + reason.message} className={classes.reason} data-status={reason.status}>
              {reason.message}
            </div>
          ))}
          {node.alerts ? <div>{alertMarkWords(node.alerts)}.</div> : null}
          {node.node.badges.map((badge) => (
            <div key={badge} className={classes.quiet}>
              <b>{BADGE_WORDS[badge].name}</b>: {BADGE_WORDS[badge].meaning}
            </div>
          ))}
        </>
      ) : null}
      {edge ? (
        <div>{describeEdge(edge, (end) => scene.nodes.find((each) => each.id === end)?.fullName ?? end)}</div>
      ) : null}
    </div>
  )
}
