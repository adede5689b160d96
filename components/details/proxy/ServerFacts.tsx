'use client'

import type { ProxyAnswer } from '@/lib/api/schemas/telemetry/proxy'
import { formatAge } from '@/lib/units/duration'
import classes from './Proxy.module.css'

const STATES: Readonly<Record<string, string>> = {
  LIVE: 'takes traffic',
  DRAINING: 'draining: it takes no new traffic',
  PRE_INITIALIZING: 'starting',
  INITIALIZING: 'starting: waits for its configuration',
}

/** What the Envoy says of itself. */
export function ServerFacts({ server }: { server: ProxyAnswer['server'] }) {
  if (!server) return <span className={classes.fact}>Its state is not known.</span>
  return (
    <>
      <span className={classes.fact}>
        <b>{STATES[server.state ?? ''] ?? server.state ?? 'state not known'}</b>
      </span>
      <span className={classes.fact}>Istio {server.version ?? '–'}</span>
      <span className={classes.fact}>
        {server.uptimeSeconds === null ? 'runs for –' : `runs for ${formatAge(server.uptimeSeconds * 1000)}`}
      </span>
    </>
  )
}
