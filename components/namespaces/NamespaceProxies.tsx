'use client'

import { TextInput } from '@mantine/core'
import { IconLock, IconPlugOff, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { TabSkeleton } from '@/components/details/TabSkeleton'
import { useNow } from '@/components/hooks/use-now'
import { useTyped } from '@/components/hooks/address/use-typed'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import { DataTable } from '@/components/ui/table/DataTable'
import { Failure } from '@/components/ui/messages/Failure'
import { Message } from '@/components/ui/messages/Message'
import { Notices } from '@/components/ui/messages/Notices'
import plain from '@/components/ui/Plain.module.css'
import { queries } from '@/lib/api/queries'
import type { ProxyList } from '@/lib/api/schemas/telemetry/proxy'
import classes from './Namespace.module.css'
import { proxyColumns } from './proxy-columns'
import { proxiesWords, syncWord, withoutWords } from './proxy-words'
import type { NamespaceTabProps } from './namespace-tabs'

/** Agreement moves within seconds of a change and is asked of every replica of istiod: now and then is enough. */
const SYNC_MS = 15_000

/** Every Envoy of a namespace: what it runs, whether that is what istiod wants, and when its certificate ends. */
export default function NamespaceProxies({ cluster, namespace, scope }: NamespaceTabProps) {
  const { params, set } = useUrlParams()
  const find = params.get('find') ?? ''
  const { typed, type, send } = useTyped(find)
  const answer = useQuery({ ...queries.proxyList({ cluster, namespace }), refetchInterval: SYNC_MS })
  const now = useNow()
  const { data } = answer
  const versions = data?.istiodVersions
  const columns = useMemo(() => proxyColumns(versions ?? [], now), [versions, now])
  if (!data) {
    return answer.error ? (
      <Failure
        error={answer.error}
        title="The proxies cannot be shown"
        onRetry={() => void answer.refetch()}
      />
    ) : (
      <TabSkeleton />
    )
  }
  const { items, without } = data
  if (items === null) {
    return (
      <Message icon={<IconPlugOff size={24} />} title="No proxies without the Kubernetes API">
        Pods and their proxies are known from the Kubernetes API. {data.notices[0]?.message}
      </Message>
    )
  }
  const others = withoutWords(without)
  if (items.length === 0) {
    return (
      <Message icon={<IconPlugOff size={24} />} title="No Envoy here">
        No pod of this namespace has a sidecar, and none is a gateway or waypoint.
        {others === '' ? '' : ` ${others}.`}
      </Message>
    )
  }
  const wanted = find.toLowerCase()
  const rows = items.filter(
    (one) =>
      wanted === '' ||
      [one.pod, one.version, one.sync?.istiod, syncWord(one)].some((part) =>
        part?.toLowerCase().includes(wanted),
      ),
  )
  return (
    <div className={classes.proxies}>
      <div className={classes.proxiesHead}>
        <p>
          {proxiesWords(items, data.istiodVersions, now)}
          {others === '' ? '' : `; ${others}`}.
        </p>
        <TextInput
          size="xs"
          w={240}
          aria-label="Find a proxy"
          placeholder="Pod, version, replica, state"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={typed}
          onChange={(event) => {
            const wanted = event.currentTarget.value.trim()
            type(event.currentTarget.value)
            send(wanted)
            set({ find: wanted }, 'replace')
          }}
        />
      </div>
      {data.missingRight ? <Missing right={data.missingRight} /> : null}
      <Notices
        notices={[
          ...(scope.at == null ? [] : [OF_NOW]),
          ...(answer.isRefetchError
            ? [{ code: 'stale', message: `This table is old: ${answer.error.message}` }]
            : []),
          ...data.notices,
          ...(data.more > 0
            ? [
                {
                  code: 'proxies-cut',
                  message: `The first ${items.length} of ${items.length + data.more} proxies are here.`,
                },
              ]
            : []),
        ]}
      />
      <div className={classes.frame}>
        <DataTable
          label="Proxies"
          rows={rows}
          columns={columns}
          keyOf={(row) => row.pod}
          initialSort={{ column: 'state', isDescending: false }}
          filter={find}
        />
      </div>
    </div>
  )
}

const OF_NOW = {
  code: 'proxies-of-now',
  message: 'Nobody keeps what proxies ran before: this table is of now, not of the chosen moment.',
}

function Missing({ right }: { right: NonNullable<ProxyList['missingRight']> }) {
  return (
    <p className={plain.note}>
      <IconLock size={14} aria-hidden style={{ verticalAlign: '-2px' }} /> Whether these proxies agree with
      istiod is not known: the account lacks the right to <b>{right.verb}</b> <b>{right.resource}</b> in
      namespace {right.namespace}, where istiod runs. A Role with it, bound to the account, gives it.
    </p>
  )
}
