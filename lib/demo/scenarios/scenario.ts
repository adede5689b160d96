/** What a scenario is, and what it may lay hands on. */
import type { ScenarioName } from '@/lib/demo/model'
import type { Engine } from '@/lib/demo/traffic/engine'
import type { ObjectStore } from '@/lib/demo/kubernetes/object-store'
import type { World } from '@/lib/demo/model'
import type { PrometheusTrouble } from './prometheus-trouble'

export interface ScenarioContext {
  world: World
  store: ObjectStore
  engine: Engine
  /** epoch milliseconds */
  now: () => number
  /** While held, time passes and nothing is scraped. */
  holdScrapes(isHeld: boolean): void
  setPrometheusTrouble(trouble: PrometheusTrouble | null): void
}

export interface Scenario {
  name: ScenarioName
  title: string
  /** what goes wrong, where to look, and how a person would mend it */
  description: string
  /** Begins; the answer ends it and restores what was, unless somebody changed it meanwhile. */
  start(context: ScenarioContext): () => void
}
