'use client'

import { Button, Tooltip } from '@mantine/core'
import { RULE_PRESETS } from '@/lib/istio/edit/presets'
import type { RuleKind } from '@/lib/istio/edit/rules'
import { Row } from '../fields/Part'
import type { PartProps } from '../fields/use-bound'

/** What is set again and again, each as one step; the hint says what will happen. */
export function Presets({
  group,
  kind,
  part,
  onChange,
}: PartProps & { group: keyof typeof RULE_PRESETS; kind: RuleKind }) {
  return (
    <Row label="Presets">
      {RULE_PRESETS[group]
        .filter(({ kinds }) => kinds.includes(kind))
        .map(({ id, label, meaning, apply }) => (
          <Tooltip key={id} label={meaning}>
            <Button size="compact-xs" variant="default" onClick={() => onChange(apply(part))}>
              {label}
            </Button>
          </Tooltip>
        ))}
    </Row>
  )
}
