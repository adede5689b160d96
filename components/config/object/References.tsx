'use client'

import { Skeleton } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { PageLink as Link } from '@/components/layout/PageLink'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { pagePaths } from '@/lib/api/paths'
import type { ObjectContext, ObjectReference } from '@/lib/api/schemas/config/object-context'
import { parseNodeId } from '@/lib/mesh/identity'
import classes from '../Config.module.css'
import { kindWords } from '../kind-words'

const MOST_NAMED = 5

/** What an object points to and what points to it, with links; what is named and not there is marked. */
export function References({ context, error }: { context: ObjectContext | undefined; error: Error | null }) {
  return (
    <Section title="References">
      {context ? (
        context.references ? (
          <>
            <h3 className={classes.group}>It points to</h3>
            <List items={context.references.to} whenNone="Nothing." />
            <h3 className={classes.group}>What points to it</h3>
            <List items={context.references.from} isFrom whenNone="Nothing Heddle reads." />
            {context.notices.some(({ code }) => code === 'kinds-forbidden') ? (
              <p className={plain.note}>
                What points to it from kinds Heddle may not read is not known; the notice above names them.
              </p>
            ) : null}
          </>
        ) : (
          <p className={plain.note}>Not known until the cluster has been read.</p>
        )
      ) : error ? (
        <p className={plain.note} role="alert">
          {error.message}
        </p>
      ) : (
        <Skeleton height={200} />
      )}
    </Section>
  )
}

function List({
  items,
  isFrom = false,
  whenNone,
}: {
  items: readonly ObjectReference[]
  isFrom?: boolean
  whenNone: string
}) {
  if (items.length === 0) return <p className={plain.note}>{whenNone}</p>
  return (
    <ul className={plain.list}>
      {items.map((item, index) => (
        <li key={index} className={classes.reference} title={item.paths.join('\n')}>
          <span>
            {isFrom ? (
              <>
                <End item={item} /> <span className={plain.quiet}>{item.why} it</span>
              </>
            ) : (
              <>
                <span className={plain.quiet}>{item.why}</span> <End item={item} />
              </>
            )}
          </span>
          {item.exists === false ? (
            <span className={classes.missing}>
              <IconAlertCircle size={14} aria-hidden /> does not exist
            </span>
          ) : null}
          {item.workloads && item.workloads.length > 0 ? <Workloads ids={item.workloads} /> : null}
        </li>
      ))}
    </ul>
  )
}

function End({ item }: { item: ObjectReference }) {
  const { ref, text, hasPage } = item
  if (!ref) return <span className={classes.wordy}>{text}</span>
  const path = ref.namespace === '' ? ref.name : `${ref.namespace}/${ref.name}`
  return (
    <>
      {text ? `${text} of ` : ''}
      {kindWords(ref)}{' '}
      {hasPage ? (
        <Link
          href={pagePaths.configObject(ref)}
          prefetch={false}
          className={`${plain.mono} ${plain.linkish}`}
        >
          {path}
        </Link>
      ) : (
        <span className={plain.mono}>{path}</span>
      )}
    </>
  )
}

function Workloads({ ids }: { ids: readonly string[] }) {
  return (
    <span className={plain.quiet}>
      {ids.slice(0, MOST_NAMED).map((id, index) => (
        <span key={id}>
          {index > 0 ? ', ' : ''}
          <Link href={pagePaths.findNode(id) ?? ''} prefetch={false}>
            {parseNodeId(id)?.name ?? id}
          </Link>
        </span>
      ))}
      {ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : ''}
    </span>
  )
}
