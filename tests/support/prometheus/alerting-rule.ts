/** An alerting rule as the client answers it, of which nothing fires. */
export const ALERTING_RULE = {
  name: 'Errors',
  group: 'mesh',
  expression: 'up > 0',
  forSeconds: 60,
  labels: {},
  annotations: {},
  health: 'ok' as const,
  lastError: null,
  lastEvaluationAt: 0,
  alerts: [],
}
