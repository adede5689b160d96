import type { Scenario } from './scenario'

export const healthy: Scenario = {
  name: 'healthy',
  title: 'Healthy',
  description: 'Nothing is wrong. Starting it ends every other scenario.',
  start: () => () => {},
}
