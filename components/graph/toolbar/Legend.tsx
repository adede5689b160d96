import type { ReactNode } from 'react'
import { HealthIcon } from '@/components/ui/health/Health'
import type { GlyphName } from '../canvas/paint/glyphs'
import { BADGE_WORDS, GLYPHS } from '../canvas/paint/glyphs'
import classes from './GraphToolbar.module.css'

export function Legend() {
  return (
    <div
      className={classes.legend}
      tabIndex={0}
      data-autofocus
      role="region"
      aria-label="What the marks mean"
    >
      <h3>Nodes</h3>
      <Row mark={<Mark glyph="workload" d={CIRCLE} />}>Workload</Row>
      <Row mark={<Mark glyph="app" d="M8 2h10q6 0 6 6v10q0 6-6 6H8q-6 0-6-6V8q0-6 6-6z" />}>Application</Row>
      <Row mark={<Mark glyph="service" d="M13 2l11 11-11 11L2 13z" />}>Service</Row>
      <Row mark={<Mark glyph="gateway" d="M7 3h12l6 10-6 10H7L1 13z" />}>Gateway</Row>
      <Row mark={<Mark glyph="waypoint" d="M7 3h12l6 10-6 10H7L1 13z" />}>Waypoint proxy</Row>
      <Row mark={<Mark glyph="cloud" d={CIRCLE} dash="5 3" />}>Outside host</Row>
      <Row mark={<Mark glyph="unknown" d={CIRCLE} dash="2 2.5" />}>
        Unknown caller: no proxy says who it is
      </Row>
      <Row mark={<Entry />}>Traffic comes in here: nobody calls it</Row>
      <h3>Ring: what became of its requests</h3>
      <Row mark={<Ring color="var(--hd-healthy)" />}>Success</Row>
      <Row mark={<Ring color="var(--hd-client-error)" />}>Client errors (4xx)</Row>
      <Row mark={<Ring color="var(--hd-failing)" />}>Errors: 5xx, no response, gRPC errors</Row>
      <h3>Health</h3>
      {(['healthy', 'degraded', 'failing', 'idle', 'unknown'] as const).map((status) => (
        <Row key={status} mark={<HealthIcon status={status} />}>
          {HEALTH_WORDS[status]}
        </Row>
      ))}
      <h3>Edges</h3>
      <Row mark={<Line />}>HTTP; the wider, the more traffic</Row>
      <Row mark={<Line dash="9 3" />}>gRPC</Row>
      <Row mark={<Line dash="1.5 3.5" />}>TCP</Row>
      <Row mark={<Line color="var(--hd-degraded)" />}>Degraded</Row>
      <Row mark={<Line color="var(--hd-failing)" />}>Failing</Row>
      <Row mark={<Glyph name="openLock" color="var(--hd-degraded-text)" />}>
        Not fully encrypted (no mutual TLS)
      </Row>
      <h3>Badges</h3>
      {ALL_BADGES.map((badge) => (
        <Row key={badge} mark={<Glyph name={badge} color="var(--hd-glyph)" />}>
          {BADGE_WORDS[badge].name} <small>{BADGE_WORDS[badge].meaning}</small>
        </Row>
      ))}
      <h3>Alerts, on top of a node</h3>
      <Row mark={<Glyph name="bellRinging" color="var(--hd-failing-text)" />}>
        An alert fires, on a filled disc
      </Row>
      <Row mark={<Glyph name="bell" color="var(--hd-degraded-text)" />}>
        One is pending: it holds, not yet for long enough
      </Row>
      <h3>Findings of the checks, beside a node or a namespace’s name</h3>
      <Row mark={<FindingShape severity="error" />}>Errors among them, and how many there are</Row>
      <Row mark={<FindingShape severity="warning" />}>Warnings; the panel lists them</Row>
      <h3>Keys on the canvas</h3>
      <Row mark={<kbd>←→</kbd>}>next node in that direction</Row>
      <Row mark={<kbd>⏎</kbd>}>open it; double click: only its neighbourhood</Row>
      <Row mark={<kbd>0</kbd>}>fit; + and − zoom; Shift and arrows pan</Row>
    </div>
  )
}

// not from the schema file, which would bring its validator along
const ALL_BADGES = Object.keys(BADGE_WORDS) as (keyof typeof BADGE_WORDS)[]

const CIRCLE = 'M13 2a11 11 0 1 1 0 22a11 11 0 1 1 0-22z'

const HEALTH_WORDS = {
  healthy: 'Healthy',
  degraded: 'Degraded: above the first limit',
  failing: 'Failing: above the second limit',
  idle: 'Idle: exists, saw no traffic',
  unknown: 'Unknown: nothing to judge by',
} as const

function Row({ mark, children }: { mark: ReactNode; children: ReactNode }) {
  return (
    <>
      {mark}
      <span>{children}</span>
    </>
  )
}

function Mark({ glyph, d, dash }: { glyph: GlyphName; d: string; dash?: string }) {
  return (
    <svg width="26" height="26" viewBox="0 0 26 26" fill="none" aria-hidden>
      <path d={d} fill="var(--hd-node)" stroke="var(--hd-healthy)" strokeWidth="2" strokeDasharray={dash} />
      <path
        d={GLYPHS[glyph]}
        transform="translate(7 7) scale(.5)"
        stroke="var(--hd-glyph)"
        strokeWidth="2.6"
        strokeLinejoin="round"
      />
    </svg>
  )
}

function Glyph({ name, color }: { name: GlyphName; color: string }) {
  return (
    <svg width="18" height="18" viewBox="0 0 24 24" fill="none" aria-hidden>
      <path d={GLYPHS[name]} stroke={color} strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}

function FindingShape({ severity }: { severity: 'error' | 'warning' }) {
  const tone = severity === 'error' ? 'failing' : 'degraded'
  return (
    <svg width="26" height="16" viewBox="0 0 26 16" aria-hidden>
      <rect
        x="0.5"
        y="0.5"
        width="25"
        height="15"
        rx="4"
        fill="var(--hd-surface)"
        stroke={`var(--hd-${tone})`}
      />
      <path d={severity === 'error' ? 'M5 5h6v6h-6z' : 'M8 4l4 4-4 4-4-4z'} fill={`var(--hd-${tone})`} />
      <text x="16" y="12" fontSize="10.5" fill={`var(--hd-${tone}-text)`}>
        2
      </text>
    </svg>
  )
}

function Ring({ color }: { color: string }) {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" fill="none" aria-hidden>
      <circle cx="10" cy="10" r="7.5" stroke="var(--hd-line)" strokeWidth="3" />
      <path d="M10 2.5a7.5 7.5 0 0 1 7.5 7.5" stroke={color} strokeWidth="3" />
    </svg>
  )
}

function Line({ color = 'var(--hd-edge)', dash }: { color?: string; dash?: string }) {
  return (
    <svg width="28" height="10" viewBox="0 0 28 10" fill="none" aria-hidden>
      <path d="M0 5h21" stroke={color} strokeWidth="2.4" strokeDasharray={dash} />
      <path d="M21 1l6 4-6 4z" fill={color} />
    </svg>
  )
}

function Entry() {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden>
      <path d="M3 2l8 5-8 5z" fill="var(--hd-glyph)" />
    </svg>
  )
}
