import type { HealthStatus } from '@/lib/api/schemas/common'

/** What a health without a reason means: silence is no sign of health. */
export const WHEN_NO_REASON: Readonly<Record<HealthStatus, string>> = {
  healthy: 'Nothing wrong was measured.',
  degraded: 'Degraded, without a reason from the server.',
  failing: 'Failing, without a reason from the server.',
  idle: 'It exists, and no traffic was measured in this time.',
  unknown: 'There is nothing to judge it by: no requests to it, no replicas.',
}

/** In place of what only telemetry tells, while nothing of Prometheus was ever understood. */
export const NOT_MEASURED_WORDS = 'Not known while Prometheus gives no figures.'
