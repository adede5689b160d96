import type { Scenario } from './scenario'

export const empty: Scenario = {
  name: 'empty',
  title: 'No traffic',
  description: 'Nobody asks for anything: every workload is there and idle.',
  start({ engine }) {
    engine.setLoad(0)
    return () => engine.setLoad(1)
  },
}
