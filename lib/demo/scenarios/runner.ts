/** Starts and stops scenarios, and knows which are active. */
import type { ScenarioName } from '@/lib/demo/model'
import { catalogue, findScenario, scenarioNames } from './catalogue'
import type { Scenario, ScenarioContext } from './scenario'

export class UnknownScenario extends Error {
  constructor(name: string) {
    super(`there is no scenario ${JSON.stringify(name)}; there are ${scenarioNames()}`)
    this.name = 'UnknownScenario'
  }
}

/** Refused for now: the world is being exchanged. */
export class WorldInExchange extends Error {
  constructor() {
    super('the world is being exchanged; try again when it has its history')
    this.name = 'WorldInExchange'
  }
}

export interface RunnerOptions {
  /** the world of the moment */
  context: () => ScenarioContext
  /** puts another world in place: the huge one, or the one the mesh was started with */
  exchangeWorld: (world: 'huge' | 'first') => Promise<void>
}

export class ScenarioRunner {
  private readonly options: RunnerOptions
  private isExchanging = false
  private readonly ends = new Map<ScenarioName, () => void>()

  constructor(options: RunnerOptions) {
    this.options = options
  }

  list(): { name: string; title: string; description: string; active: boolean }[] {
    return catalogue.map(({ name, title, description }) => ({
      name,
      title,
      description,
      active: name === 'healthy' ? this.ends.size === 0 : this.ends.has(name),
    }))
  }

  /** Throws UnknownScenario. */
  find(name: string): Scenario {
    const scenario = findScenario(name)
    if (scenario === undefined) throw new UnknownScenario(name)
    return scenario
  }

  /**
   * Begins a scenario; one that runs already goes on. `isBeginning`: the world is about to be made anyway,
   * so nothing is exchanged. An exchange of the world goes on after the answer. Throws WorldInExchange.
   */
  async start(name: ScenarioName, options: { isBeginning?: boolean } = {}): Promise<void> {
    if (name === 'healthy') {
      for (const active of [...this.ends.keys()]) await this.stop(active)
      return
    }
    if (this.ends.has(name)) return
    if (this.isExchanging) throw new WorldInExchange()
    if (name === 'huge') {
      const others = [...this.ends.keys()]
      for (const other of others) await this.stop(other)
      this.ends.set('huge', () => {})
      if (options.isBeginning !== true) this.exchange('huge')
      return
    }
    this.ends.set(name, this.find(name).start(this.options.context()))
  }

  async stop(name: ScenarioName): Promise<void> {
    const end = this.ends.get(name)
    if (end === undefined) return
    if (this.isExchanging) throw new WorldInExchange()
    this.ends.delete(name)
    if (name === 'huge') {
      // what still runs was done to the world that goes
      for (const other of [...this.ends.keys()]) await this.stop(other)
      this.exchange('first')
      return
    }
    end()
  }

  private exchange(world: 'huge' | 'first'): void {
    this.isExchanging = true
    this.options
      .exchangeWorld(world)
      .catch((error: unknown) => {
        this.ends.delete('huge')
        console.error('the world could not be exchanged:', error)
      })
      .finally(() => {
        this.isExchanging = false
      })
  }
}
