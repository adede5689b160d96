'use client'

import { Button, Select, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Callout } from '@/components/ui/messages/Callout'
import plain from '@/components/ui/Plain.module.css'
import { YamlDiff } from '@/components/yaml/YamlEditor'
import { queries } from '@/lib/api/queries'
import type { ChangeDetail, KnownRef } from '@/lib/api/schemas/config/changes'
import { contentYaml } from '@/lib/changes/text/content-yaml'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { formatDate } from '@/lib/units/date'
import { historyFilter } from '../history-filter'
import classes from './Edit.module.css'

const CLUSTER = 'cluster'

/** The text beside the object in the cluster, or beside what it was before one of its changes. */
export function Compare({
  object,
  now,
  text,
  against,
  onAgainst,
  onTake,
}: {
  object: KnownRef
  now: ConfigObject
  text: string
  /** `cluster` or the id of a change */
  against: string
  onAgainst: (against: string) => void
  /** null: the text cannot be changed */
  onTake: ((text: string) => void) | null
}) {
  const changes = useQuery(queries.changes(historyFilter(object)))
  const isHistory = against !== CLUSTER
  const change = useQuery({ ...queries.change(against), enabled: isHistory })
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const other = isHistory ? (change.data ? stateBefore(change.data, object) : null) : contentYaml(now)
  const isSame = other === text
  return (
    <>
      <div className={classes.actions}>
        <Select
          size="xs"
          w={360}
          aria-label="Compare with"
          allowDeselect={false}
          value={against}
          onChange={(value) => onAgainst(value ?? CLUSTER)}
          data={[
            { value: CLUSTER, label: 'The cluster, as it is now' },
            ...(changes.data?.items ?? []).map(({ id, at, reason }) => ({
              value: id,
              label: `Before ${formatDate(at, { timeZone })}${reason ? `: ${reason}` : ''}`,
            })),
          ]}
        />
        {onTake && other !== null && other !== '' && !isSame ? (
          <Button size="xs" variant="default" onClick={() => onTake(other)}>
            Take this into the text
          </Button>
        ) : null}
      </div>
      {isHistory && change.error ? (
        <Callout kind="problem">{change.error.message}</Callout>
      ) : other === null ? (
        <Skeleton height={240} />
      ) : isSame ? (
        <p className={plain.note}>The text is the same, comments included.</p>
      ) : (
        <div className={classes.frame}>
          <YamlDiff
            before={other}
            after={text}
            labels={[isHistory ? 'Before that change' : 'In the cluster', 'Your text']}
          />
        </div>
      )}
    </>
  )
}

function stateBefore({ objects }: ChangeDetail, { kind, namespace, name }: KnownRef): string {
  const found = objects.find(
    ({ ref }) => ref.kind === kind && ref.namespace === namespace && ref.name === name,
  )
  // as it was recorded; null: the change made it
  return contentYaml((found?.before ?? null) as ConfigObject | null)
}
