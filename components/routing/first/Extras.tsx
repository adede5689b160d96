'use client'

import { Checkbox, Select, TextInput } from '@mantine/core'
import { Row } from '../fields/Part'
import classes from '../Routing.module.css'
import type { SplitPlan } from './split-plan'

const TESTERS = 'Testers reach a version by a header, whatever the shares'
const MIRROR = 'Copy some requests to a version that answers nobody'

interface ExtraProps {
  plan: SplitPlan
  names: readonly string[]
  messageOf: (field: 'header' | 'value' | 'percent' | 'weights') => string | undefined
  onChange: (plan: SplitPlan) => void
}

/** Requests with a header that reach one version, whatever the shares. */
export function Testers({ plan, names, messageOf, onChange }: ExtraProps) {
  const { testers } = plan
  if (!testers) {
    return (
      <div className={classes.extra}>
        <Checkbox
          size="xs"
          label={TESTERS}
          checked={false}
          disabled={names.length === 0}
          onChange={() =>
            onChange({ ...plan, testers: { header: 'end-user', value: '', version: names.at(-1) ?? '' } })
          }
        />
      </div>
    )
  }
  return (
    <div className={classes.extra}>
      <Checkbox size="xs" label={TESTERS} checked onChange={() => onChange({ ...plan, testers: null })} />
      <Row label="Testers">
        <TextInput
          size="xs"
          w={140}
          label="Header"
          value={testers.header}
          error={messageOf('header')}
          onChange={(event) =>
            onChange({ ...plan, testers: { ...testers, header: event.currentTarget.value } })
          }
        />
        <TextInput
          size="xs"
          w={140}
          label="has the value"
          value={testers.value}
          error={messageOf('value')}
          onChange={(event) =>
            onChange({ ...plan, testers: { ...testers, value: event.currentTarget.value } })
          }
        />
        <Select
          size="xs"
          w={140}
          label="go to"
          allowDeselect={false}
          data={[...names]}
          value={testers.version}
          onChange={(version) => onChange({ ...plan, testers: { ...testers, version: version ?? '' } })}
        />
      </Row>
    </div>
  )
}

/** Copies of requests to a version that answers nobody. */
export function Mirror({ plan, names, messageOf, onChange }: ExtraProps) {
  const { mirror } = plan
  if (!mirror) {
    return (
      <div className={classes.extra}>
        <Checkbox
          size="xs"
          label={MIRROR}
          checked={false}
          disabled={names.length === 0}
          onChange={() => onChange({ ...plan, mirror: { percent: '10', version: names.at(-1) ?? '' } })}
        />
      </div>
    )
  }
  return (
    <div className={classes.extra}>
      <Checkbox size="xs" label={MIRROR} checked onChange={() => onChange({ ...plan, mirror: null })} />
      <Row label="Mirror">
        <TextInput
          size="xs"
          w={140}
          inputMode="numeric"
          label="Copy this much, in %"
          value={mirror.percent}
          error={messageOf('percent')}
          onChange={(event) =>
            onChange({ ...plan, mirror: { ...mirror, percent: event.currentTarget.value } })
          }
        />
        <Select
          size="xs"
          w={140}
          label="of the requests to"
          allowDeselect={false}
          data={[...names]}
          value={mirror.version}
          onChange={(version) => onChange({ ...plan, mirror: { ...mirror, version: version ?? '' } })}
        />
      </Row>
    </div>
  )
}
