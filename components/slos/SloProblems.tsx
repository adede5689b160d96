import { IconAlertTriangleFilled } from '@tabler/icons-react'
import { PageLink as Link } from '@/components/layout/PageLink'
import { pagePaths } from '@/lib/api/paths'
import type { SloProblem } from '@/lib/api/schemas/telemetry/slos'
import classes from './Slos.module.css'

/** Annotations that promise nothing because they cannot be read, each with what to write. */
export function SloProblems({
  problems,
  isOnService = false,
}: {
  problems: readonly SloProblem[]
  isOnService?: boolean
}) {
  if (problems.length === 0) return null
  return (
    <ul className={classes.problems} aria-label="Objectives that cannot be read">
      {problems.map((problem) => (
        <li key={`${problem.node} ${problem.annotation} ${problem.text}`}>
          <IconAlertTriangleFilled size={14} role="img" aria-label="Warning" />
          <span>
            {isOnService ? (
              'This service'
            ) : (
              <Link
                prefetch={false}
                href={pagePaths.item('services', problem)}
              >{`${problem.namespace} / ${problem.name}`}</Link>
            )}{' '}
            says <code>{`${problem.annotation}: ${JSON.stringify(problem.text)}`}</code>, which is no
            objective: {problem.message}.
          </span>
        </li>
      ))}
    </ul>
  )
}
