'use client'

import { Skeleton } from '@mantine/core'
import { IconArrowRight, IconFocus2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { ConfigList } from '@/components/details/ConfigList'
import { Peers } from '@/components/details/traffic/Peers'
import { PodList } from '@/components/details/PodList'
import { Responses } from '@/components/details/traffic/Responses'
import { TrafficTable } from '@/components/details/traffic/TrafficTable'
import { chartWindow, podsOwnerOf, traceWindow } from '@/components/details/windows'
import type { View } from '@/components/hooks/address/view-state'
import { NodeAlerts } from '@/components/alerts/NodeAlerts'
import { NodeSlos } from '@/components/slos/NodeSlos'
import { NodeFindings } from '@/components/checks/NodeFindings'
import { MetricCharts } from '@/components/metrics/MetricCharts'
import { NodeRouteMenu } from '@/components/routing/RouteMenu'
import { RecentTraces } from '@/components/traces/RecentTraces'
import { NodeBaselineMenu } from '@/components/splits/emergency/BaselineMenu'
import plain from '@/components/ui/Plain.module.css'
import { Reasons } from '@/components/ui/health/Reasons'
import { Section } from '@/components/ui/Section'
import type { Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { Graph, GraphNode } from '@/lib/api/schemas/mesh/graph'
import { BADGE_WORDS, GLYPHS } from '../canvas/paint/glyphs'
import { kindWords } from '../scene/describe'
import { responseRows, spokenName } from '../scene/summary'
import { PanelHead } from './PanelHead'
import classes from './SidePanel.module.css'

export function NodePanel({
  graph,
  node,
  view,
  scope,
  onSelect,
  onFocus,
}: {
  graph: Graph
  node: GraphNode
  view: View
  scope: Scope
  onSelect: (id: string | null) => void
  onFocus: (id: string) => void
}) {
  const inbound = graph.edges.filter((edge) => edge.target === node.id)
  const outbound = graph.edges.filter((edge) => edge.source === node.id)
  const nodes = new Map(graph.nodes.map((each) => [each.id, each]))
  const page = pagePaths.findNode(node.id, scope)
  const isOutside = node.kind === 'unknown' || node.kind === 'external'
  // who is only ever a caller has no inbound story to chart
  const direction = inbound.length === 0 && outbound.length > 0 ? 'outbound' : 'inbound'
  return (
    <>
      <PanelHead
        title={spokenName(node)}
        kind={exactKind(node)}
        status={node.health.status}
        onClose={() => onSelect(null)}
        actions={
          <>
            {page ? (
              <Link href={page} prefetch={false} className={classes.action}>
                Open details <IconArrowRight size={14} aria-hidden />
              </Link>
            ) : null}
            <button type="button" className={classes.action} onClick={() => onFocus(node.id)}>
              <IconFocus2 size={14} aria-hidden /> Only its neighbourhood
            </button>
            {isOutside ? null : <NodeRouteMenu node={node} scope={scope} />}
            {isOutside ? null : <NodeBaselineMenu id={node.id} />}
          </>
        }
      />
      <Section title="Health">
        <Reasons health={node.health} />
      </Section>
      {isOutside ? null : <NodeAlerts node={node} scope={scope} />}
      {node.kind === 'service' ? (
        <NodeSlos id={node.id} cluster={node.cluster} namespace={node.namespace} scope={scope} />
      ) : null}
      <Section title="Traffic">
        <TrafficTable inbound={node.inbound} outbound={node.outbound} health={node.health} />
      </Section>
      {(['http', 'grpc'] as const).map((protocol) => {
        const rows = responseRows(inbound.filter((edge) => edge.protocol === protocol))
        return rows.length > 0 ? (
          <Section
            key={protocol}
            title={protocol === 'http' ? 'HTTP answers it gives' : 'gRPC answers it gives'}
          >
            <Responses rows={rows} isGrpc={protocol === 'grpc'} />
          </Section>
        ) : null
      })}
      <MetricCharts
        query={queries.nodeMetrics({
          node: node.id,
          graphType: graph.graphType,
          serviceNodes: view.serviceNodes,
          direction,
          window: chartWindow(view.window),
          at: view.at,
        })}
        isLive={view.at === null && view.refresh !== 'paused'}
      />
      {inbound.length + outbound.length > 0 ? (
        <Section title="Neighbours">
          {inbound.length > 0 ? (
            <Peers direction="from" edges={inbound} nodes={nodes} onChoose={(edge) => onSelect(edge.id)} />
          ) : null}
          {outbound.length > 0 ? (
            <Peers direction="to" edges={outbound} nodes={nodes} onChoose={(edge) => onSelect(edge.id)} />
          ) : null}
        </Section>
      ) : null}
      {isOutside ? null : <Security node={node} scope={scope} />}
      {node.badges.length > 0 ? <Badges node={node} /> : null}
      {isOutside || node.kind === 'external' || node.kind === 'unknown' ? null : <NodeFindings node={node} />}
      {isOutside ? null : <FromKubernetes node={node} scope={scope} />}
      {node.kind === 'unknown' ? null : (
        <RecentTraces filter={{ node: node.id, window: traceWindow(view.window), at: view.at }} />
      )}
    </>
  )
}

/** The kind, with the exact name where the title says it in other words. */
function exactKind(node: GraphNode): string {
  const words = kindWords({ node, folded: null })
  return spokenName(node) === node.name || node.name === 'unknown'
    ? words
    : words.replace(' in ', ` ${node.name} in `)
}

function Security({ node, scope }: { node: GraphNode; scope: Scope }) {
  return (
    <Section
      title="Identity and mutual TLS"
      aside={
        node.mtls && node.workload ? (
          <Link
            href={pagePaths.mtls({
              window: scope.window,
              at: scope.at,
              selected: `${node.cluster}/${node.namespace}/${node.workload}`,
            })}
            prefetch={false}
            className={plain.linkish}
          >
            Mode and callers
          </Link>
        ) : null
      }
    >
      {node.mtls?.mode === null ? (
        <p className={plain.note}>{node.mtls.reason}.</p>
      ) : node.mtls ? (
        <p style={{ margin: 0 }}>
          Accepts <b>{MODE_WORDS[node.mtls.mode]}</b>. <span className={plain.quiet}>{node.mtls.reason}</span>
        </p>
      ) : (
        <p className={plain.note}>
          {node.dataPlane === null
            ? 'What it accepts is not known without the Kubernetes API.'
            : 'What it accepts is not set by PeerAuthentications.'}
        </p>
      )}
      {node.serviceAccount ? (
        <p className={plain.note} style={{ marginTop: 6 }}>
          Service account <span className={plain.mono}>{node.serviceAccount}</span>
        </p>
      ) : null}
    </Section>
  )
}

const MODE_WORDS = {
  STRICT: 'mutual TLS only',
  PERMISSIVE: 'mutual TLS and plaintext',
  DISABLE: 'plaintext only',
} as const

function Badges({ node }: { node: GraphNode }) {
  return (
    <Section title="Marks">
      <div className={classes.badges}>
        {node.badges.map((badge) => (
          <div key={badge} className={classes.badge}>
            <svg width="16" height="16" viewBox="0 0 24 24" fill="none" aria-hidden>
              <path d={GLYPHS[badge]} stroke="var(--hd-glyph)" strokeWidth="2" strokeLinecap="round" />
            </svg>
            <span>
              {BADGE_WORDS[badge].name}
              <small>{BADGE_WORDS[badge].meaning}</small>
            </span>
          </div>
        ))}
      </div>
    </Section>
  )
}

/** What only the Kubernetes API knows; its absence is said here and nowhere else. */
function FromKubernetes({ node, scope }: { node: GraphNode; scope: Scope }) {
  const owner = podsOwnerOf(node)
  const ref = { cluster: node.cluster, namespace: node.namespace, name: owner?.name ?? '' }
  const answer = useQuery({
    ...queries.item(owner?.kind ?? 'workloads', ref, { window: scope.window, at: scope.at }),
    enabled: owner !== null,
  })
  if (owner === null) return null
  if (answer.isPending) {
    return (
      <Section title="Pods">
        <Skeleton height={64} />
      </Section>
    )
  }
  if (!answer.data) {
    return (
      <Section title="Pods and configuration">
        <p className={plain.note} role="alert">
          {answer.error?.message}
        </p>
      </Section>
    )
  }
  return (
    <>
      <ConfigList
        node={answer.data.item.id}
        cluster={node.cluster}
        config={answer.data.config}
        unread={answer.data.unread}
      />
      <PodList
        pods={answer.data.pods}
        title={owner.isOfAllVersions ? 'Pods of all its versions' : undefined}
      />
    </>
  )
}
