'use client'

import { Button } from '@mantine/core'
import { breakerForm, NEW_OUTLIER, type OutlierForm } from '@/lib/istio/edit/policy/breaker'
import { DurationField, FlagField, NumberField } from '../fields/fields'
import { Row } from '../fields/Part'
import { useBound, type PartProps } from '../fields/use-bound'
import classes from '../Routing.module.css'

/** Limits of connections and requests; what is beyond them fails at once. */
export function ConnectionsPart(props: PartProps) {
  const { values, set, pathOf } = useBound(breakerForm, props)
  return (
    <>
      <p className={classes.text}>
        Each caller’s proxy keeps to these by itself. What is beyond a limit fails at once with 503.
      </p>
      <Row label="Connections">
        <NumberField
          label="Connections at most"
          path={pathOf('maxConnections')}
          value={values.maxConnections}
          onChange={(value) => set('maxConnections', value)}
        />
        <DurationField
          label="Connect within"
          path={pathOf('connectTimeout')}
          value={values.connectTimeout}
          onChange={(value) => set('connectTimeout', value)}
        />
        <DurationField
          label="Close when idle for"
          path={pathOf('idleTimeout')}
          value={values.idleTimeout}
          onChange={(value) => set('idleTimeout', value)}
        />
      </Row>
      <Row label="Requests">
        <NumberField
          label="Waiting requests"
          path={pathOf('maxPendingRequests')}
          value={values.maxPendingRequests}
          onChange={(value) => set('maxPendingRequests', value)}
        />
        <NumberField
          label="Requests at once"
          path={pathOf('maxRequests')}
          value={values.maxRequests}
          onChange={(value) => set('maxRequests', value)}
        />
        <NumberField
          label="Requests a connection"
          path={pathOf('maxRequestsPerConnection')}
          value={values.maxRequestsPerConnection}
          onChange={(value) => set('maxRequestsPerConnection', value)}
        />
        <NumberField
          label="Retries at once"
          path={pathOf('maxRetries')}
          value={values.maxRetries}
          onChange={(value) => set('maxRetries', value)}
        />
      </Row>
    </>
  )
}

/** Endpoints that keep failing get no requests for a while. */
export function OutlierPart(props: PartProps) {
  const { values, set, pathOf } = useBound(breakerForm, props)
  const { outlier } = values
  const at = pathOf('outlier')
  if (!outlier) {
    return (
      <Row>
        <span className={classes.quiet}>Endpoints that keep failing go on getting their share.</span>
        <Button size="compact-xs" variant="default" onClick={() => set('outlier', { ...NEW_OUTLIER })}>
          Eject failing endpoints
        </Button>
      </Row>
    )
  }
  const setOne = (next: Partial<OutlierForm>) => set('outlier', { ...outlier, ...next })
  return (
    <>
      <Row label="When to eject">
        <NumberField
          label="After 5xx in a row"
          path={[...at, 'consecutive5xxErrors']}
          hint="5 where not set, 0: never"
          value={outlier.consecutive5xxErrors}
          onChange={(consecutive5xxErrors) => setOne({ consecutive5xxErrors })}
        />
        <NumberField
          label="After 502–504 in a row"
          path={[...at, 'consecutiveGatewayErrors']}
          hint="never where not set"
          value={outlier.consecutiveGatewayErrors}
          onChange={(consecutiveGatewayErrors) => setOne({ consecutiveGatewayErrors })}
        />
        <DurationField
          label="Looked at every"
          path={[...at, 'interval']}
          hint="10s where not set"
          value={outlier.interval}
          onChange={(interval) => setOne({ interval })}
        />
      </Row>
      <Row label="How long and how many">
        <DurationField
          label="Ejected for"
          path={[...at, 'baseEjectionTime']}
          hint="longer each time"
          value={outlier.baseEjectionTime}
          onChange={(baseEjectionTime) => setOne({ baseEjectionTime })}
        />
        <NumberField
          label="Ejected at most"
          unit="%"
          path={[...at, 'maxEjectionPercent']}
          hint="10 % where not set"
          value={outlier.maxEjectionPercent}
          onChange={(maxEjectionPercent) => setOne({ maxEjectionPercent })}
        />
        <NumberField
          label="Only while healthy"
          unit="%"
          path={[...at, 'minHealthPercent']}
          hint="of endpoints, at least"
          value={outlier.minHealthPercent}
          onChange={(minHealthPercent) => setOne({ minHealthPercent })}
        />
      </Row>
      <Row label="Failures to connect">
        <FlagField
          label="Count failures to connect by themselves"
          path={[...at, 'splitExternalLocalOriginErrors']}
          value={outlier.splitExternalLocalOriginErrors}
          onChange={(splitExternalLocalOriginErrors) => setOne({ splitExternalLocalOriginErrors })}
        />
        {outlier.splitExternalLocalOriginErrors ? (
          <NumberField
            label="After so many of them"
            path={[...at, 'consecutiveLocalOriginFailures']}
            value={outlier.consecutiveLocalOriginFailures}
            onChange={(consecutiveLocalOriginFailures) => setOne({ consecutiveLocalOriginFailures })}
          />
        ) : null}
        <Button size="compact-xs" variant="default" onClick={() => set('outlier', null)}>
          Never eject
        </Button>
      </Row>
    </>
  )
}
