'use client'

import { Skeleton } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { CopyButton } from '@/components/ui/CopyButton'
import { Failure } from '@/components/ui/messages/Failure'
import { apiPaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import details from '../Details.module.css'
import classes from './Proxy.module.css'

/** More than anybody reads on a page, and less than what makes it slow. */
const SHOWN_CHARS = 300_000

/** Envoy's whole configuration; the beginning to read, all of it to take along. */
export function ProxyDumpView({ node, pod }: { node: string; pod: string }) {
  const answer = useQuery(queries.proxyDump({ node, pod }))
  const text = useMemo(() => (answer.data ? JSON.stringify(answer.data.dump, null, 2) : ''), [answer.data])
  if (!answer.data) {
    return answer.error ? (
      <Failure error={answer.error} title="The dump cannot be read" onRetry={() => void answer.refetch()} />
    ) : (
      <div className={classes.pad}>
        <Skeleton height={12} width="60%" radius="sm" />
      </div>
    )
  }
  return (
    <>
      <p className={classes.said}>
        <a
          className={details.action}
          href={apiPaths.proxyDump({ node, pod })}
          download={`${pod}-config-dump.json`}
        >
          <IconDownload size={14} aria-hidden /> Download all
        </a>
        <CopyButton text={text} label="Copy all" />
        What secrets hold is left out.
        {text.length > SHOWN_CHARS
          ? ` The first ${Math.round(SHOWN_CHARS / 1000)} kB of ${Math.round(text.length / 1000).toLocaleString('en')} kB are shown.`
          : ''}
      </p>
      <pre className={classes.dump} tabIndex={0} aria-label="Configuration dump">
        {text.slice(0, SHOWN_CHARS)}
      </pre>
    </>
  )
}
