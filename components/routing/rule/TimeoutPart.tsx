'use client'

import { Button } from '@mantine/core'
import {
  NEW_RETRIES,
  NEW_ROUTE_RETRY,
  routeTimeoutForm,
  timeoutForm,
  type RetriesForm,
} from '@/lib/istio/edit/rule/timeout'
import { DurationField, FlagField, NumberField, TextField, TextsField } from '../fields/fields'
import { Row } from '../fields/Part'
import { useBound, type PartProps } from '../fields/use-bound'
import classes from '../Routing.module.css'
import { Presets } from './Presets'

/** How long a rule's requests may take, and how often they are tried. */
export function TimeoutPart(props: PartProps) {
  const { values, set, pathOf } = useBound(timeoutForm, props)
  const { timeout, retries } = values
  const setRetries = (next: Partial<RetriesForm>) => retries && set('retries', { ...retries, ...next })
  const at = pathOf('retries')
  return (
    <>
      <Presets group="timeout" kind="VirtualService" {...props} />
      <Row>
        <DurationField
          label="Timeout"
          path={pathOf('timeout')}
          hint="of a request with all its retries"
          value={timeout}
          onChange={(next) => set('timeout', next)}
        />
      </Row>
      {retries ? (
        <>
          <Row label="Retries">
            <NumberField
              label="Retries at most"
              path={[...at, 'attempts']}
              hint="0: none"
              value={retries.attempts}
              onChange={(attempts) => setRetries({ attempts })}
            />
            <DurationField
              label="Timeout of one try"
              path={[...at, 'perTryTimeout']}
              hint="the request’s where not set"
              value={retries.perTryTimeout}
              onChange={(perTryTimeout) => setRetries({ perTryTimeout })}
            />
            <TextField
              label="Retry on"
              width={250}
              path={[...at, 'retryOn']}
              hint="conditions, with commas"
              placeholder="the mesh’s preset"
              value={retries.retryOn}
              onChange={(retryOn) => setRetries({ retryOn })}
            />
            <DurationField
              label="Wait between tries"
              path={[...at, 'backoff']}
              hint="25ms where not set"
              value={retries.backoff}
              onChange={(backoff) => setRetries({ backoff })}
            />
          </Row>
          <Row>
            <FlagField
              label="Also to other localities"
              path={[...at, 'retryRemoteLocalities']}
              value={retries.retryRemoteLocalities}
              onChange={(retryRemoteLocalities) => setRetries({ retryRemoteLocalities })}
            />
            <Button size="compact-xs" variant="default" onClick={() => set('retries', null)}>
              Leave retries to the mesh
            </Button>
          </Row>
        </>
      ) : (
        <Row>
          <span className={classes.quiet}>Retries are the mesh’s preset (2 on connection failures).</span>
          <Button size="compact-xs" variant="default" onClick={() => set('retries', { ...NEW_RETRIES })}>
            Set retries
          </Button>
        </Row>
      )}
    </>
  )
}

/** The same for a rule of an HTTPRoute. */
export function RouteTimeoutPart(props: PartProps) {
  const { values, set, pathOf } = useBound(routeTimeoutForm, props)
  const { request, backendRequest, retry } = values
  const at = pathOf('retry')
  return (
    <>
      <Presets group="timeout" kind="HTTPRoute" {...props} />
      <Row>
        <DurationField
          label="Timeout"
          path={pathOf('request')}
          hint="of a request with all its retries"
          value={request}
          onChange={(next) => set('request', next)}
        />
        <DurationField
          label="Timeout of one try"
          path={pathOf('backendRequest')}
          hint="no longer than the timeout"
          value={backendRequest}
          onChange={(next) => set('backendRequest', next)}
        />
      </Row>
      {retry ? (
        <Row label="Retries">
          <NumberField
            label="Retries at most"
            path={[...at, 'attempts']}
            value={retry.attempts}
            onChange={(attempts) => set('retry', { ...retry, attempts })}
          />
          <DurationField
            label="Wait between tries"
            path={[...at, 'backoff']}
            value={retry.backoff}
            onChange={(backoff) => set('retry', { ...retry, backoff })}
          />
          <TextsField
            label="Retry on these codes"
            width={220}
            path={[...at, 'codes']}
            value={retry.codes.map(String)}
            onChange={(codes) =>
              set('retry', { ...retry, codes: codes.map(Number).filter((code) => Number.isInteger(code)) })
            }
          />
          <Button size="compact-xs" variant="default" onClick={() => set('retry', null)}>
            Remove retries
          </Button>
        </Row>
      ) : (
        <Row>
          <span className={classes.quiet}>No retries are asked for.</span>
          <Button size="compact-xs" variant="default" onClick={() => set('retry', { ...NEW_ROUTE_RETRY })}>
            Set retries
          </Button>
        </Row>
      )}
    </>
  )
}
