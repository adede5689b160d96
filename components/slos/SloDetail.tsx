import type { Slo } from '@/lib/api/schemas/telemetry/slos'
import { formatCount } from '@/lib/units/number'
import { formatWindow } from '@/lib/units/window'
import { knownWords, paceWords, stateSentence } from './slo-words'
import classes from './Slos.module.css'

/** What stands behind a row: what is wrong, what is known, and the pace over each window. */
export function SloDetail({ slo }: { slo: Slo }) {
  const sentence = stateSentence(slo)
  const known = knownWords(slo)
  return (
    <div className={classes.detail}>
      {sentence ? <p data-status={slo.state}>{sentence}</p> : <p>It burns slower than any limit.</p>}
      <p>
        {slo.state === 'unknown' || slo.requests === null || slo.badRequests === null
          ? null
          : `${formatCount(Math.round(slo.badRequests))} of ${formatCount(Math.round(slo.requests))} requests ${
              slo.kind === 'availability' ? 'failed' : 'took longer'
            }.`}{' '}
        {known
          ? `Only ${known} are kept, so this is what is known; the rest is taken to have had the same traffic and no failure.`
          : null}
        {slo.isInterpolated
          ? ' The threshold lies between two measured bounds: in between requests are taken as evenly spread.'
          : null}
        {slo.source === 'configuration' ? ' Set in Heddle’s configuration file.' : null}
      </p>
      <dl className={classes.paces}>
        {slo.burns.map(({ windowSeconds, rate }) => (
          <div key={windowSeconds}>
            <dt>over {formatWindow(windowSeconds)}</dt>
            <dd className="num">{paceWords(rate)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
