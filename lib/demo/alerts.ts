/** Alerts that the embedded Prometheus watches: those we ship for real ones. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { RuleGroupSpec } from './prometheus/rules'

const FILE = new URL('../../deploy/prometheus/heddle-alerts.yml', import.meta.url)

/** The groups of the shipped file; throws when it is missing. */
export function readAlertGroups(): readonly RuleGroupSpec[] {
  // our own file, checked by promtool in tests/integration/alert-rules.test.ts
  const file = parse(readFileSync(FILE, 'utf8')) as { groups: RuleGroupSpec[] }
  return file.groups
}
