import type { Scenario } from './scenario'

export const HUGE_SERVICES = 1_000

/** The world itself is exchanged by whoever runs the scenarios, since nothing of the old one stays. */
export const huge: Scenario = {
  name: 'huge',
  title: 'Huge mesh',
  description:
    'A synthetic mesh of 1,000 services takes the place of the hand-made one. Its history is made first, ' +
    'which takes a while.',
  start: () => () => {},
}
