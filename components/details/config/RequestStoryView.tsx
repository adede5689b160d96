'use client'

import { IconAlertTriangle } from '@tabler/icons-react'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useFirst } from '@/components/ui/use-first'
import { pagePaths } from '@/lib/api/paths'
import type { RequestStory, StoryLine } from '@/lib/api/schemas/mesh/details'
import { refOfObject } from '@/lib/mesh/resource'
import classes from './RequestStory.module.css'

/** Sentences of a step that are told before a reader asks for more: a virtual service may have thousands of routes. */
const FIRST = 60

/** What happens to a request, step by step, each sentence with the object it comes from. */
export function RequestStoryView({ story, cluster }: { story: RequestStory; cluster: string }) {
  return (
    <ol className={classes.steps} aria-label={`What happens to a request for ${story.host}`}>
      {story.steps.map((step) => (
        <li key={step.stage} className={classes.step}>
          <h4 className={classes.title}>{step.title}</h4>
          <Lines lines={step.lines} cluster={cluster} />
        </li>
      ))}
    </ol>
  )
}

function Lines({ lines, cluster }: { lines: readonly StoryLine[]; cluster: string }) {
  const { shown, more } = useFirst(lines, FIRST)
  return (
    <>
      <ul className={classes.lines}>
        {shown.map((line, index) => (
          // sentences of one step may be the same for two rules
          <Line key={`${index} ${line.text}`} line={line} before={lines[index - 1]} cluster={cluster} />
        ))}
      </ul>
      {more}
    </>
  )
}

function Line({
  line,
  before,
  cluster,
}: {
  line: StoryLine
  before: StoryLine | undefined
  cluster: string
}) {
  const { object } = line
  // the same object once: what follows is its too
  const isSame = object !== null && JSON.stringify(before?.object) === JSON.stringify(object)
  return (
    <li className={classes.line} data-depth={line.depth} data-tone={line.tone}>
      {line.tone === 'warning' ? (
        <IconAlertTriangle size={14} aria-label="Look here" className={classes.mark} />
      ) : null}
      <span>
        {line.text}
        {object && !isSame ? (
          <>
            {' '}
            <Link
              href={pagePaths.configObject(refOfObject(cluster, object))}
              prefetch={false}
              className={classes.object}
            >
              {object.kind}
            </Link>
          </>
        ) : null}
      </span>
    </li>
  )
}
