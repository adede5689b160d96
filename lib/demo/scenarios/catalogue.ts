/** Every scenario by name, in the order of the menu. */
import { SCENARIOS } from '@/lib/demo/model'
import type { ScenarioName } from '@/lib/demo/model'
import { badCanary } from './bad-canary'
import { egressBlock } from './egress-block'
import { empty } from './empty'
import { healthy } from './healthy'
import { hubOutage } from './hub-outage'
import { huge } from './huge'
import { mtlsBreak } from './mtls-break'
import { prometheusTroubles } from './prometheus-trouble'
import { retryStorm } from './retry-storm'
import type { Scenario } from './scenario'
import { scrapeGap } from './scrape-gap'
import { slowLeaf } from './slow-leaf'
import { staleProxy } from './stale-proxy'

export const catalogue: readonly Scenario[] = [
  healthy,
  badCanary,
  slowLeaf,
  hubOutage,
  mtlsBreak,
  retryStorm,
  egressBlock,
  staleProxy,
  scrapeGap,
  empty,
  huge,
  ...prometheusTroubles,
]

/** Other words for the same; the hand-made world is ambient and partly mTLS by itself. */
const ALIASES: Readonly<Record<string, ScenarioName>> = {
  degraded: 'bad-canary',
  slow: 'prometheus-slow',
  ambient: 'healthy',
  'partial-mtls': 'healthy',
}

/** The scenario of a name or alias; undefined for anything else. */
export function findScenario(name: string): Scenario | undefined {
  const known = ALIASES[name] ?? name
  return catalogue.find((scenario) => scenario.name === known)
}

/** For error messages. */
export function scenarioNames(): string {
  return SCENARIOS.join(', ')
}
