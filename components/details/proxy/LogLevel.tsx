'use client'

import { Select, Tooltip } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useWriteAccess } from '@/components/hooks/use-write-access'
import { setProxyLogLevel } from '@/lib/api/queries'
import type { ProxyLogLevel } from '@/lib/api/schemas/telemetry/proxy'
import classes from './Proxy.module.css'

// repeated here: the schema file would bring its validator into the page
const LEVELS: readonly ProxyLogLevel[] = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off']

/** How much the Envoy logs: the one thing here that can be set. It lasts until the proxy restarts. */
export function LogLevel({
  node,
  pod,
  levels,
  onSet,
}: {
  node: string
  pod: string
  levels: Record<string, string> | null
  onSet: () => void
}) {
  const { canWrite, whyNot } = useWriteAccess()
  const change = useMutation({ mutationFn: setProxyLogLevel, onSuccess: onSet })
  if (levels === null) return null
  const values = [...new Set(Object.values(levels))]
  const only = values.length === 1 ? (values[0] ?? null) : null
  return (
    <div className={classes.level}>
      <Tooltip
        label={whyNot ?? 'Of all its loggers, until the proxy restarts; debug and trace write much'}
        multiline
        maw={280}
      >
        <Select
          size="xs"
          w={190}
          aria-label="Log level of the proxy"
          placeholder="Logs: several levels"
          data={LEVELS.map((level) => ({ value: level, label: `Logs: ${level}` }))}
          value={only}
          disabled={!canWrite || change.isPending}
          onChange={(level) => level && change.mutate({ node, pod, level: level as ProxyLogLevel })}
          allowDeselect={false}
        />
      </Tooltip>
      {change.error ? (
        <span role="alert" className={classes.bad}>
          {change.error.message}
        </span>
      ) : null}
    </div>
  )
}
