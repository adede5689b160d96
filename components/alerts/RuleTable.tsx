'use client'

import { IconChevronRight } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import plain from '@/components/ui/Plain.module.css'
import type { AlertList, AlertRule } from '@/lib/api/schemas/telemetry/alerts'
import { formatWindow } from '@/lib/units/window'
import classes from './Alerts.module.css'
import { Expression } from './Expression'

const AlertChart = dynamic(() => import('./AlertChart'), {
  ssr: false,
  loading: () => <div className={classes.chart} />,
})

const NO_RULES: Record<AlertList['rulesState'], string> = {
  read: 'Prometheus has no alerting rule here. Heddle ships a set for Istio: load deploy/prometheus/heddle-alerts.yml with rule_files.',
  'not-served': 'Not known: what answers as Prometheus shows Heddle no rules.',
  failing: 'Not known while Prometheus does not answer.',
}
const STATES = { firing: 'Firing', pending: 'Pending', inactive: 'Quiet' } as const

/** The rules that watch, quiet ones too; each opens to its expression and chart. */
export function RuleTable({
  state,
  isFiltered,
  rules,
  open,
  onToggle,
}: {
  state: AlertList['rulesState']
  /** there are rules; the filter leaves some out */
  isFiltered: boolean
  rules: readonly AlertRule[]
  open: string | null
  onToggle: (id: string) => void
}) {
  return (
    <section className={classes.rules} aria-label="Rules">
      <h2>Rules</h2>
      {rules.length === 0 ? (
        <p className={plain.note}>{isFiltered ? 'No rule matches the filter.' : NO_RULES[state]}</p>
      ) : (
        <ul className={classes.ruleList}>
          {rules.map((rule) => (
            <li key={rule.id} data-state={rule.health === 'err' ? 'err' : rule.state}>
              <button
                type="button"
                className={classes.rule}
                aria-expanded={open === rule.id}
                onClick={() => onToggle(rule.id)}
              >
                <IconChevronRight size={14} aria-hidden data-open={open === rule.id || undefined} />
                <b>{rule.name}</b>
                <span className={classes.ruleState}>
                  {rule.health === 'err' ? 'Cannot be evaluated' : STATES[rule.state]}
                </span>
                <span>{rule.severity ?? ''}</span>
                <span className="num">
                  {rule.forSeconds > 0 ? `after ${formatWindow(rule.forSeconds)}` : 'at once'}
                </span>
                <span className={classes.ruleGroup}>{rule.group}</span>
              </button>
              {open === rule.id ? (
                <div className={classes.details}>
                  <AlertChart rule={rule.id} />
                  <Expression rule={rule} />
                </div>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
