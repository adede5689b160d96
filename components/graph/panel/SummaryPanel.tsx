'use client'

import { IconArrowsDiagonal, IconArrowsDiagonalMinimize2 } from '@tabler/icons-react'
import { HEALTH_NAMES, HealthIcon } from '@/components/ui/health/Health'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import type { HealthStatus } from '@/lib/api/schemas/common'
import type { Graph, GraphNode } from '@/lib/api/schemas/mesh/graph'
import { formatBytesPerSecond } from '@/lib/units/bytes'
import { formatCount } from '@/lib/units/number'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import { formatWindow } from '@/lib/units/window'
import type { Box } from '../scene/boxes'
import { mergedHealth } from '../scene/boxes'
import { namesApart, placeNamer, spokenName, summarise } from '../scene/summary'
import type { Figures } from '../scene/traffic'
import { nodeFigures } from '../scene/traffic'
import { PanelHead } from './PanelHead'
import classes from './SidePanel.module.css'

const MANY = 8

/** The whole mesh, or one box of it: what is wrong comes first. */
export function SummaryPanel({
  graph,
  box,
  isFolded,
  onSelect,
  onFold,
}: {
  graph: Graph
  box: Box | null
  isFolded: boolean
  onSelect: (id: string | null) => void
  onFold: (id: string) => void
}) {
  const summary = summarise(graph, box ? box.members : null)
  const names = namesApart(graph.nodes)
  const placeOf = placeNamer(graph.nodes)
  const window = formatWindow(graph.windowSeconds)
  const busiest = summary.nodes
    .filter((node) => node.kind !== 'unknown' && (nodeFigures(node).requestsPerSecond ?? 0) > 0)
    .sort((a, b) => (nodeFigures(b).requestsPerSecond ?? 0) - (nodeFigures(a).requestsPerSecond ?? 0))
  return (
    <>
      <PanelHead
        title={box ? box.title : 'All that is shown'}
        kind={
          box
            ? `${box.kind === 'app' ? 'Application' : 'Namespace'} · ${formatCount(box.members.length)} nodes`
            : `${formatCount(summary.nodes.length)} nodes · ${formatCount(graph.edges.length)} edges`
        }
        status={mergedHealth(summary.nodes).status}
        {...(box ? { onClose: () => onSelect(null) } : {})}
        actions={
          box ? (
            <button type="button" className={classes.action} onClick={() => onFold(box.id)}>
              {isFolded ? (
                <IconArrowsDiagonal size={14} aria-hidden />
              ) : (
                <IconArrowsDiagonalMinimize2 size={14} aria-hidden />
              )}
              {isFolded ? 'Unfold' : 'Fold to one node'}
            </button>
          ) : null
        }
      />
      <Section title="Health">
        <div className={classes.counts}>
          {summary.nodes.length === 0 ? (
            <span className={`${plain.note} ${classes.none}`}>No node is shown.</span>
          ) : null}
          {(['failing', 'degraded', 'healthy', 'idle', 'unknown'] as const).map((status) =>
            summary.counts[status] > 0 ? (
              <Count key={status} status={status} count={summary.counts[status]} />
            ) : null,
          )}
        </div>
      </Section>
      {summary.troubled.length > 0 ? (
        <Section title="Needs attention" aside={`over ${window}`}>
          <ul className={plain.list}>
            {summary.troubled.slice(0, MANY).map((node) => (
              <li key={node.id}>
                <Trouble node={node} place={placeOf(node)} onSelect={onSelect} />
              </li>
            ))}
          </ul>
          {summary.troubled.length > MANY ? (
            <p className={plain.note}>and {summary.troubled.length - MANY} more, in the table</p>
          ) : null}
        </Section>
      ) : null}
      <Section title="Traffic" aside={`over ${window}`}>
        <div className={plain.tiles}>
          <Tiles figures={summary.total} />
          <Tile value={formatRatio(summary.total.mtlsRatio)} name="over mutual TLS" />
        </div>
        {summary.entering && summary.leaving ? (
          <table className={plain.table} style={{ marginTop: 12 }}>
            <thead>
              <tr>
                <th aria-label="Direction" />
                <th>Requests</th>
                <th>Errors</th>
                <th>TCP</th>
              </tr>
            </thead>
            <tbody>
              <FlowRow name="Comes in" figures={summary.entering} />
              <FlowRow name="Goes out" figures={summary.leaving} />
            </tbody>
          </table>
        ) : null}
      </Section>
      {summary.plaintext.length > 0 ? (
        <Section
          title="Not encrypted"
          aside={`${summary.plaintext.length} ${summary.plaintext.length === 1 ? 'edge' : 'edges'}`}
        >
          <table className={plain.table}>
            <thead>
              <tr>
                <th>Edge</th>
                <th>mTLS</th>
              </tr>
            </thead>
            <tbody>
              {summary.plaintext.slice(0, MANY).map((edge) => (
                <tr key={edge.id}>
                  <td className={`${plain.name} ${plain.whole}`}>
                    <button type="button" className={plain.linkish} onClick={() => onSelect(edge.id)}>
                      {names.get(edge.source)} <span className={classes.arrow}>→</span>{' '}
                      {names.get(edge.target)}
                    </button>
                  </td>
                  <td className="num">{formatRatio(edge.mtlsRatio)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      ) : null}
      {busiest.length > 0 ? (
        <Section title="Busiest">
          <table className={plain.table}>
            <thead>
              <tr>
                <th>Node</th>
                <th>Requests</th>
                <th>Errors</th>
              </tr>
            </thead>
            <tbody>
              {busiest.slice(0, MANY).map((node) => (
                <tr key={node.id}>
                  <td className={`${plain.name} ${plain.whole}`}>
                    <button type="button" className={plain.linkish} onClick={() => onSelect(node.id)}>
                      {names.get(node.id)}
                    </button>
                  </td>
                  <td className="num">{formatRate(nodeFigures(node).requestsPerSecond)}</td>
                  <td className="num">{formatRatio(nodeFigures(node).errorRatio)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      ) : null}
    </>
  )
}

function Count({ status, count }: { status: HealthStatus; count: number }) {
  return (
    <span className={classes.count}>
      <HealthIcon status={status} size={14} />
      <b className="num">{formatCount(count)}</b>
      {HEALTH_NAMES[status].toLowerCase()}
    </span>
  )
}

function Trouble({
  node,
  place,
  onSelect,
}: {
  node: GraphNode
  place: string
  onSelect: (id: string) => void
}) {
  const [first] = node.health.reasons
  return (
    <button type="button" className={classes.trouble} onClick={() => onSelect(node.id)}>
      <span className={classes.troubleHead}>
        <HealthIcon status={node.health.status} size={15} />
        <b>{spokenName(node)}</b>
        <span className={plain.quiet}>{place}</span>
      </span>
      {first ? <div className={classes.reason}>{first.message}</div> : null}
    </button>
  )
}

function Tiles({ figures }: { figures: Figures }) {
  return (
    <>
      <Tile value={formatRate(figures.requestsPerSecond)} name="requests" />
      <Tile value={formatRatio(figures.errorRatio)} name="errors" />
      <Tile value={formatRatio(figures.clientErrorRatio)} name="client errors (4xx)" />
      <Tile value={formatBytesPerSecond(figures.bytesPerSecond)} name="over TCP" />
    </>
  )
}

function Tile({ value, name }: { value: string; name: string }) {
  return (
    <div className={plain.tile}>
      <b className="num">{value}</b>
      <span>{name}</span>
    </div>
  )
}

function FlowRow({ name, figures }: { name: string; figures: Figures }) {
  return (
    <tr>
      <td>{name}</td>
      <td className="num">{formatRate(figures.requestsPerSecond)}</td>
      <td className="num">{formatRatio(figures.errorRatio)}</td>
      <td className="num">{formatBytesPerSecond(figures.bytesPerSecond)}</td>
    </tr>
  )
}
