'use client'

import { useNow } from '@/components/hooks/use-now'
import plain from '@/components/ui/Plain.module.css'
import type { ProxySecret } from '@/lib/api/schemas/telemetry/proxy'
import { formatDate } from '@/lib/units/date'
import { formatAge } from '@/lib/units/duration'
import classes from './Proxy.module.css'

const KINDS = { certificate: 'certificate', authorities: 'trusted authorities', other: 'other' } as const
/** The agent renews at half the life; what has less than this left was not renewed in time. */
const LATE = 0.2

/** Names and times of what the proxy was given to prove itself and to trust; never what is in them. */
export function Secrets({ secrets }: { secrets: readonly ProxySecret[] }) {
  const now = useNow()
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (secrets.length === 0) return <p className={classes.pad}>This proxy holds no secrets.</p>
  return (
    <div className={classes.pad}>
      <table className={plain.table}>
        <thead>
          <tr>
            <th scope="col">Secret</th>
            <th scope="col" className={plain.left}>
              Kind
            </th>
            <th scope="col" className={plain.left}>
              For
            </th>
            <th scope="col">Valid from</th>
            <th scope="col">Expires</th>
            <th scope="col">Left</th>
          </tr>
        </thead>
        <tbody>
          {secrets.map((secret) => {
            const left = secret.expiresAt === null ? null : secret.expiresAt - now
            const life =
              secret.expiresAt === null || secret.validFrom === null
                ? null
                : secret.expiresAt - secret.validFrom
            const isLate = left !== null && life !== null && left < life * LATE
            return (
              <tr key={`${secret.state} ${secret.name}`}>
                <td className={plain.mono}>{secret.name}</td>
                <td className={plain.left}>
                  {KINDS[secret.kind]}
                  {secret.state === 'warming' ? <span className={classes.warn}> not there yet</span> : null}
                </td>
                <td className={`${plain.left} ${plain.mono}`}>{secret.subjects.join(', ') || '–'}</td>
                <td className="num">{formatDate(secret.validFrom, { timeZone: zone })}</td>
                <td className="num">{formatDate(secret.expiresAt, { timeZone: zone })}</td>
                <td className="num">
                  {left === null ? (
                    '–'
                  ) : left <= 0 ? (
                    <b className={classes.bad}>expired</b>
                  ) : (
                    <span className={isLate ? classes.warn : undefined}>
                      {formatAge(left)}
                      {isLate ? ', not renewed in time' : ''}
                    </span>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <p className={plain.note}>
        Times are in {zone}. What the secrets hold is never read into Heddle’s pages.
      </p>
    </div>
  )
}
