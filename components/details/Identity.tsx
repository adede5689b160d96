'use client'

import { PageLink as Link } from '@/components/layout/PageLink'
import type { ReactNode } from 'react'
import { BADGE_WORDS, GLYPHS } from '@/components/graph/canvas/paint/glyphs'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { useFirst } from '@/components/ui/use-first'
import type { ItemKind, Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import type { ItemDetail, ListItem } from '@/lib/api/schemas/mesh/lists'
import { parseNodeId } from '@/lib/mesh/identity'
import classes from './Details.module.css'

const DATA_PLANES = {
  sidecar: 'sidecar beside each pod',
  ambient: 'ambient: the node’s proxy',
  none: 'not in the mesh',
} as const
const MODES = {
  STRICT: 'mutual TLS only',
  PERMISSIVE: 'mutual TLS and plaintext',
  DISABLE: 'plaintext only',
} as const
const FIRST_LINKS = 12
const FIRST_LABELS = 20
const NOT_KNOWN = 'not known without the Kubernetes API'

/** What a thing is, where it lives, who it is to others. */
export function Identity({ detail, kind, scope }: { detail: ItemDetail; kind: ItemKind; scope: Scope }) {
  const { item } = detail
  const rows: [string, ReactNode][] = [
    ['Cluster', item.cluster],
    ['Namespace', namespaceLink(item, scope)],
    ...(kind === 'workloads'
      ? ([
          ['Kind', item.workloadKind ?? <Unknown key="kind" />],
          ['Application', item.app ? appLink(item, item.app, scope) : '–'],
          ['Version', item.version ?? '–'],
        ] satisfies [string, ReactNode][])
      : []),
    ...(item.replicas
      ? ([['Replicas', `${item.replicas.available} of ${item.replicas.desired} available`]] satisfies [
          string,
          ReactNode,
        ][])
      : []),
    ['Data plane', item.dataPlane ? DATA_PLANES[item.dataPlane] : <Unknown key="plane" />],
    [
      'Accepts',
      item.mtls ? (
        <>
          {item.mtls.mode === null ? '–' : MODES[item.mtls.mode]}
          <div className={plain.quiet}>{item.mtls.reason}</div>
        </>
      ) : item.dataPlane === null ? (
        <Unknown key="mtls" />
      ) : (
        'not set by PeerAuthentications'
      ),
    ],
    ...(item.serviceAccount
      ? ([
          [
            'Service account',
            <span key="sa" className={plain.mono}>
              {item.serviceAccount}
            </span>,
          ],
        ] satisfies [string, ReactNode][])
      : []),
    ...(detail.services && detail.services.length > 0
      ? ([
          [
            'Services',
            <Links
              key="services"
              all={detail.services.map((name) => ({ name, href: serviceHref(item, name, scope) }))}
            />,
          ],
        ] satisfies [string, ReactNode][])
      : []),
    ...(item.members.length > 0
      ? ([
          ['Workloads', <Links key="members" all={item.members.map((id) => memberLink(id, scope))} />],
        ] satisfies [string, ReactNode][])
      : []),
  ]
  return (
    <>
      <Section title="Identity">
        <dl className={classes.facts}>
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {item.labels && Object.keys(item.labels).length > 0 ? <Labels labels={item.labels} /> : null}
      </Section>
      {item.badges.length > 0 ? (
        <Section title="What configuration does to it">
          <ul className={plain.list}>
            {item.badges.map((badge) => (
              <li key={badge} className={classes.badge}>
                <svg width="16" height="16" viewBox="0 0 24 24" fill="none" aria-hidden>
                  <path d={GLYPHS[badge]} stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
                </svg>
                <span>
                  {BADGE_WORDS[badge].name}
                  <span className={plain.quiet}> {BADGE_WORDS[badge].meaning}</span>
                </span>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  )
}

function Unknown() {
  return <span className={plain.quiet}>{NOT_KNOWN}</span>
}

function time(scope: Scope): Scope {
  return { window: scope.window, at: scope.at }
}

function namespaceLink(item: ListItem, scope: Scope) {
  const href = pagePaths.items('workloads', {
    ...time(scope),
    namespaces: [`${item.cluster}/${item.namespace}`],
  })
  return (
    <Link href={href} prefetch={false} className={plain.linkish}>
      {item.namespace}
    </Link>
  )
}

function appLink(item: ListItem, app: string, scope: Scope) {
  return (
    <Link
      href={pagePaths.item('apps', { ...item, name: app }, time(scope))}
      prefetch={false}
      className={plain.linkish}
    >
      {app}
    </Link>
  )
}

function serviceHref(item: ListItem, name: string, scope: Scope): string {
  return pagePaths.item('services', { ...item, name }, time(scope))
}

function memberLink(id: string, scope: Scope): { name: string; href: string | undefined } {
  return { name: parseNodeId(id)?.name ?? id, href: pagePaths.findNode(id, time(scope)) }
}

function Labels({ labels }: { labels: Readonly<Record<string, string>> }) {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  const { shown, more } = useFirst(sorted, FIRST_LABELS)
  return (
    <>
      <ul className={classes.labels} aria-label="Labels">
        {shown.map(([name, value]) => (
          <li key={name} className={plain.mono}>
            {value === '' ? name : `${name}=${value}`}
          </li>
        ))}
      </ul>
      {more}
    </>
  )
}

function Links({ all }: { all: readonly { name: string; href: string | undefined }[] }) {
  const { shown, more } = useFirst(all, FIRST_LINKS)
  return (
    <>
      <ul className={classes.links}>
        {shown.map(({ name, href }) => (
          <li key={href ?? name}>
            {href ? (
              <Link href={href} prefetch={false} className={plain.linkish}>
                {name}
              </Link>
            ) : (
              name
            )}
          </li>
        ))}
      </ul>
      {more}
    </>
  )
}
