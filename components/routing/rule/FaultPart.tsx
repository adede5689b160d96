'use client'

import { Button } from '@mantine/core'
import { faultForm, withoutFault } from '@/lib/istio/edit/rule/fault'
import { DurationField, NumberField, TextField } from '../fields/fields'
import { Row } from '../fields/Part'
import { useBound, type PartProps } from '../fields/use-bound'
import { Presets } from './Presets'

/** Faults that callers' proxies inject, on purpose. */
export function FaultPart(props: PartProps) {
  const { values, set, pathOf } = useBound(faultForm, props)
  const { abort, delay } = values
  return (
    <>
      <Presets group="fault" kind="VirtualService" {...props} />
      {delay ? (
        <Row label="Delay">
          <NumberField
            label="Delay"
            width={90}
            unit="%"
            path={[...pathOf('delay'), 'percentage']}
            hint="of requests"
            value={delay.percent}
            onChange={(percent) => set('delay', { ...delay, percent })}
          />
          <DurationField
            label="by"
            path={[...pathOf('delay'), 'fixedDelay']}
            value={delay.fixedDelay}
            onChange={(fixedDelay) => set('delay', { ...delay, fixedDelay })}
          />
          <Button size="compact-xs" variant="default" onClick={() => set('delay', null)}>
            Stop delaying
          </Button>
        </Row>
      ) : null}
      {abort ? (
        <Row label="Abort">
          <NumberField
            label="Abort"
            width={90}
            unit="%"
            path={[...pathOf('abort'), 'percentage']}
            hint="of requests"
            value={abort.percent}
            onChange={(percent) => set('abort', { ...abort, percent })}
          />
          <NumberField
            label="with HTTP status"
            width={130}
            path={[...pathOf('abort'), 'httpStatus']}
            value={abort.httpStatus}
            onChange={(httpStatus) => set('abort', { ...abort, httpStatus })}
          />
          <TextField
            label="or gRPC status"
            width={150}
            path={[...pathOf('abort'), 'grpcStatus']}
            placeholder="UNAVAILABLE"
            value={abort.grpcStatus}
            onChange={(grpcStatus) => set('abort', { ...abort, grpcStatus })}
          />
          <Button size="compact-xs" variant="default" onClick={() => set('abort', null)}>
            Stop aborting
          </Button>
        </Row>
      ) : null}
      {abort && delay ? (
        <div>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => props.onChange(withoutFault(props.part))}
          >
            Remove all faults
          </Button>
        </div>
      ) : null}
    </>
  )
}
