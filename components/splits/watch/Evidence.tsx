import { CopyButton } from '@/components/ui/CopyButton'
import type { SplitWatch } from '@/lib/api/schemas/config/splits'
import { formatRate } from '@/lib/units/rate'
import classes from './Watch.module.css'

const NAMES: Record<string, string> = { requests: 'Shares, rates and errors', latency: 'Latency' }

/** The PromQL behind the figures, and the series of the newest point with all their labels. */
export function Evidence({ watch }: { watch: SplitWatch }) {
  return (
    <details className={classes.details}>
      <summary>Queries and series behind these figures</summary>
      {Object.entries(watch.queries).map(([name, query]) => (
        <div key={name} className={classes.query}>
          <div>
            {NAMES[name] ?? name} <CopyButton text={query} label="Copy PromQL" />
          </div>
          <pre tabIndex={0}>{query}</pre>
        </div>
      ))}
      <table className={classes.series}>
        <thead>
          <tr>
            <th scope="col">Counts for</th>
            <th scope="col">Rate</th>
            <th scope="col">Labels</th>
          </tr>
        </thead>
        <tbody>
          {watch.series.map((one) => {
            const labels = Object.entries(one.labels)
              .filter(([, value]) => value !== '')
              .map(([key, value]) => `${key}="${value}"`)
              .join(', ')
            return (
              <tr key={labels}>
                <th scope="row">
                  {one.backend === null ? 'none of them' : (watch.backends[one.backend]?.name ?? '')}
                </th>
                <td className="num">{formatRate(one.perSecond)}</td>
                <td className={classes.labels}>{labels}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </details>
  )
}
