import { IconAlertTriangle } from '@tabler/icons-react'
import { PageLink as Link } from '@/components/layout/PageLink'
import { pagePaths } from '@/lib/api/paths'
import type { Impact } from '@/lib/api/schemas/config/changes'
import { wordsOfKinds } from '@/lib/istio/unread'
import { formatBytesPerSecond } from '@/lib/units/bytes'
import { formatCount } from '@/lib/units/number'
import { formatRate } from '@/lib/units/rate'
import { formatWindow } from '@/lib/units/window'
import classes from './Review.module.css'

const MOST_SHOWN = 8

/** Who sends traffic now through what the change touches. */
export function ImpactOf({
  impact,
  isRead,
}: {
  impact: Impact
  /** false: a cluster of the change has not been read yet */
  isRead: boolean
}) {
  const { requestsPerSecond, bytesPerSecond, callers, windowSeconds, services, workloads, unread } = impact
  const touched = [...services, ...workloads]
  const total = impact.callersTotal ?? 0
  return (
    <section className={classes.section} aria-label="Live traffic">
      <h3 className={classes.head}>Live traffic it touches</h3>
      {callers === null ? (
        <p className={classes.note}>
          Not known: telemetry does not answer. The change can be applied without it.
        </p>
      ) : callers.length === 0 && !isRead ? (
        <p className={classes.note}>Not known: the cluster’s objects have not been read yet.</p>
      ) : callers.length === 0 ? (
        <p className={classes.note}>
          None {unread.length > 0 ? 'is known ' : ''}in the last {formatWindow(windowSeconds ?? 0)}
          {touched.length > 0 || unread.length > 0 ? '' : '; it names no service or workload'}.
        </p>
      ) : (
        <>
          <p className={classes.figure}>
            <b className="num">{formatRate(requestsPerSecond)}</b> requests
            {bytesPerSecond !== null && bytesPerSecond > 0 ? (
              <>
                {' '}
                and <b className="num">{formatBytesPerSecond(bytesPerSecond)}</b> TCP
              </>
            ) : null}{' '}
            from {formatCount(total)} {total === 1 ? 'caller' : 'callers'}, last{' '}
            {formatWindow(windowSeconds ?? 0)}
          </p>
          <ul className={classes.callers} aria-label="Callers">
            {callers.slice(0, MOST_SHOWN).map((caller) => (
              <li key={caller.id}>
                <NodeName id={caller.id} />
                <span className="num">
                  {caller.requestsPerSecond > 0 || caller.bytesPerSecond === 0
                    ? formatRate(caller.requestsPerSecond)
                    : formatBytesPerSecond(caller.bytesPerSecond)}
                </span>
              </li>
            ))}
          </ul>
          {total > MOST_SHOWN ? (
            <p className={classes.note}>and {formatCount(total - MOST_SHOWN)} more with less</p>
          ) : null}
        </>
      )}
      {touched.length > 0 ? (
        <p className={classes.note}>
          Touches{' '}
          {touched.slice(0, MOST_SHOWN).map((id, index) => (
            <span key={id}>
              {index > 0 ? ', ' : ''}
              <NodeName id={id} />
            </span>
          ))}
          {touched.length > MOST_SHOWN ? ` and ${touched.length - MOST_SHOWN} more` : ''}
        </p>
      ) : null}
      {unread.length > 0 ? (
        <p className={classes.unsure}>
          <IconAlertTriangle size={14} aria-hidden />
          <span>It may touch more: Heddle may not read {wordsOfKinds(unread)}.</span>
        </p>
      ) : null}
    </section>
  )
}

function NodeName({ id }: { id: string }) {
  const [, namespace = '', , name = ''] = id.split('/')
  const text = namespace === 'unknown' ? name : `${namespace}/${name}`
  const href = pagePaths.findNode(id)
  return href === undefined ? (
    <span title={id}>{text}</span>
  ) : (
    <Link href={href} prefetch={false} target="_blank" className={classes.link} title={id}>
      {text}
    </Link>
  )
}
