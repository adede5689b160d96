'use client'

import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { Failure } from '@/components/ui/messages/Failure'
import { Notices } from '@/components/ui/messages/Notices'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { queries } from '@/lib/api/queries'
import { RequestStoryView } from './RequestStoryView'
import classes from './RequestStory.module.css'

/** The configuration of now, told as what it does to a request. */
export function EffectiveRouting({ id, cluster, isPast }: { id: string; cluster: string; isPast: boolean }) {
  const answer = useQuery({ ...queries.effectiveRouting(id), refetchInterval: useRefreshInterval() })
  const stories = answer.data?.stories
  return (
    <Section title="What happens to a request" aside={isPast ? 'as configured now' : null}>
      {answer.data ? (
        <>
          <Notices notices={answer.data.notices} />
          {stories?.length === 0 ? (
            <p className={plain.note}>
              No service stands in front of it: requests come to its pods directly.
            </p>
          ) : null}
          {stories?.map((story) => (
            <div key={story.host}>
              <h3 className={classes.host}>{story.host}</h3>
              <RequestStoryView story={story} cluster={cluster} />
            </div>
          ))}
        </>
      ) : answer.error ? (
        <Failure
          error={answer.error}
          title="The routing cannot be told"
          onRetry={() => void answer.refetch()}
        />
      ) : (
        <Skeleton height={220} radius="sm" />
      )}
    </Section>
  )
}
