'use client'

import { SegmentedControl } from '@mantine/core'
import { useUrlParams } from '@/components/hooks/use-url-params'
import { NodeCharts } from '@/components/metrics/MetricCharts'
import { Section } from '@/components/ui/Section'
import { formatWindow, parseWindow } from '@/lib/units/window'
import classes from '../Details.module.css'
import type { TabProps } from '../tabs'
import { chartWindow } from '../windows'

/** Its traffic over time. */
export default function MetricsTab({ detail, scope }: TabProps) {
  const { params, set } = useUrlParams()
  const { item, edges } = detail
  const isCallerOnly = edges.length > 0 && edges.every((edge) => edge.target !== item.id)
  const asked = params.get('direction')
  const preset = isCallerOnly ? 'outbound' : 'inbound'
  const direction = asked === 'inbound' || asked === 'outbound' ? asked : preset
  return (
    <div className={classes.card}>
      <Section
        title={`Over the last ${formatWindow(parseWindow(chartWindow(scope.window ?? '2m')) ?? 0)}`}
        aside={
          <SegmentedControl
            size="xs"
            aria-label="Direction"
            value={direction}
            onChange={(value) => set({ direction: value === preset ? null : value })}
            data={[
              { value: 'inbound', label: 'Inbound' },
              { value: 'outbound', label: 'Outbound' },
            ]}
          />
        }
      >
        <NodeCharts id={item.id} direction={direction} scope={scope} />
      </Section>
    </div>
  )
}
