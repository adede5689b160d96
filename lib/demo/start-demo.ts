/**
 * The embedded mesh as a running thing: an hour of history, then the HTTP APIs of Prometheus, Alertmanager, Jaeger, Tempo
 * and Kubernetes, the text exposition and a control address, all on loopback.
 */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { gridBefore } from './clock'
import type { DemoClock, ManualClock } from './clock'
import { createAlertmanager } from './alertmanager/alertmanager'
import { alertmanagerHandler } from './alertmanager/handler'
import { controlHandler } from './control'
import { jaegerHandler } from './jaeger/handler'
import { kubeconfigFor } from './kubeconfig'
import { kubernetesHandler, kubernetesUpgrades } from './kubernetes/handler'
import { podPorts } from './proxy/pod-ports'
import { ISTIO_VERSION } from './world/build/gateway-proxy'
import { expositionHandler } from './prometheus/exposition'
import { prometheusHandler } from './prometheus/handler'
import { trafficLogs } from './logs/traffic-logs'
import { HUGE_SERVICES } from './scenarios/huge'
import { ScenarioRunner } from './scenarios/runner'
import { tempoHandler } from './tempo/handler'
import { troubled } from './scenarios/prometheus-trouble'
import type { PrometheusTrouble } from './scenarios/prometheus-trouble'
import { LARGE_SERVICES, createSimulation } from './simulation'
import type { Simulation } from './simulation'

export interface DemoPorts {
  prometheus?: number
  alertmanager?: number
  jaeger?: number
  tempo?: number
  kubernetes?: number
  scrape?: number
  control?: number
}

export interface DemoOptions {
  seed?: number
  /** a synthetic mesh of so many services; absent: the hand-made one */
  services?: number
  /** name of a scenario that runs from the start, or an alias */
  scenario?: string
  /** size of the mesh that the scenario `huge` puts in place; 1,000 */
  hugeServices?: number
  clock?: 'real' | ManualClock
  host?: string
  /** 0 or absent: a free one */
  ports?: DemoPorts
  scrapeIntervalSeconds?: number
  /** made before anything is served */
  historySeconds?: number
  /** 0..1 while history is made */
  onProgress?: (share: number) => void
}

export interface Demo {
  prometheusUrl: string
  alertmanagerUrl: string
  jaegerUrl: string
  tempoUrl: string
  kubernetesUrl: string
  scrapeUrl: string
  controlUrl: string
  /** YAML for kubectl and clients */
  kubeconfig: string
  /** epoch milliseconds */
  now(): number
  /** Lets so many seconds pass; only with a manual clock. */
  advance(seconds: number): Promise<void>
  /** Answers when it has begun; `huge` goes on making its history afterwards. Throws UnknownScenario. */
  startScenario(name: string): Promise<void>
  stopScenario(name: string): Promise<void>
  close(): Promise<void>
}

const DEFAULT_HISTORY_SECONDS = 3_600
/** An incident chosen at the start began a while ago, so that its beginning can be seen. */
const INCIDENT_AGE_SECONDS = 600
/** After a longer sleep of the machine, what was missed is left out. */
const MOST_MISSED_MS = 3_600_000

type Handler = (request: IncomingMessage, response: ServerResponse) => void

interface Stage {
  simulation: Simulation
  prometheus: Handler
  alertmanager: Handler
  jaeger: Handler
  tempo: Handler
  kubernetes: Handler
  upgrades: (request: IncomingMessage, socket: Duplex) => void
  exposition: Handler
}

/** Throws a RangeError for options out of range, and the listener's error for a taken port. */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const host = options.host ?? '127.0.0.1'
  if (host !== '127.0.0.1' && host !== '::1' && host !== 'localhost') {
    throw new RangeError(`the embedded mesh serves on loopback only, not on ${host}`)
  }
  const running = new RunningDemo(options, host)
  await running.begin()
  return running
}

class RunningDemo implements Demo {
  prometheusUrl = ''
  alertmanagerUrl = ''
  jaegerUrl = ''
  tempoUrl = ''
  kubernetesUrl = ''
  scrapeUrl = ''
  controlUrl = ''
  kubeconfig = ''
  private readonly options: DemoOptions
  private readonly host: string
  private readonly hugeServices: number
  private readonly clock: DemoClock
  private readonly manual: ManualClock | null
  private readonly servers: Server[] = []
  private readonly runner: ScenarioRunner
  private stage: Stage
  private kubernetesServer: Server | undefined
  private trouble: PrometheusTrouble | null = null
  private timer: NodeJS.Timeout | undefined
  private isClosed = false
  /** exchanges of the world, one after the other */
  private exchange: Promise<void> = Promise.resolve()

  constructor(options: DemoOptions, host: string) {
    this.options = options
    this.host = host
    const { clock } = options
    this.hugeServices = options.hugeServices ?? HUGE_SERVICES
    this.manual = clock === undefined || clock === 'real' ? null : clock
    this.clock = this.manual ?? { now: () => Date.now() }
    this.runner = new ScenarioRunner({
      context: () => ({
        world: this.stage.simulation.world,
        store: this.stage.simulation.store,
        engine: this.stage.simulation.engine,
        now: () => this.stage.simulation.now(),
        holdScrapes: (isHeld) => this.stage.simulation.holdScrapes(isHeld),
        setPrometheusTrouble: (trouble) => {
          this.trouble = trouble
        },
      }),
      exchangeWorld: (world) => {
        this.exchange = this.exchange.then(() =>
          this.exchangeWorld(world === 'huge' ? this.hugeServices : options.services),
        )
        return this.exchange
      },
    })
    this.stage = this.stageFor(options.services)
  }

  async begin(): Promise<void> {
    const { scenario, onProgress } = this.options
    const wanted = scenario === undefined ? undefined : this.runner.find(scenario)
    const isFromStart = wanted?.name === 'huge' || wanted?.name === 'empty'
    if (wanted !== undefined && isFromStart) await this.runner.start(wanted.name, { isBeginning: true })
    if (wanted?.name === 'huge') this.stage = this.stageFor(this.hugeServices)
    const { simulation } = this.stage
    const end = gridBefore(this.clock.now(), simulation.scrapeIntervalMs)
    const from = simulation.simulatedMs()
    const share = (at: number, part: number, upTo: number) => onProgress?.(at + part * (upTo - at))
    const isIncident = wanted !== undefined && !isFromStart && !wanted.name.startsWith('prometheus-')
    const incidentAt = isIncident ? end - Math.min(INCIDENT_AGE_SECONDS * 1000, (end - from) / 4) : end
    const before = (incidentAt - from) / Math.max(1, end - from)
    await simulation.fillTo(incidentAt, (part) => share(0, part, before))
    if (wanted !== undefined && !isFromStart) await this.runner.start(wanted.name)
    if (isIncident) await simulation.fillTo(end, (part) => share(before, part, 1))
    simulation.goLive()
    await this.listen()
    if (this.manual === null) this.schedule()
  }

  now(): number {
    return this.stage.simulation.now()
  }

  async advance(seconds: number): Promise<void> {
    if (this.manual === null) throw new RangeError('the time of this mesh runs by itself')
    if (!(seconds > 0)) throw new RangeError('time is advanced by a number of seconds above 0')
    await this.exchange
    // in steps, so that what happens at a scrape sees the time of that scrape
    const end = this.manual.now() + seconds * 1000
    while (this.manual.now() < end) {
      const { simulation } = this.stage
      const next = simulation.simulatedMs() + simulation.scrapeIntervalMs
      this.manual.set(Math.min(end, Math.max(next, this.manual.now())))
      simulation.moveTo(this.manual.now())
      await setImmediate()
    }
  }

  async startScenario(name: string): Promise<void> {
    await this.runner.start(this.runner.find(name).name)
  }

  async stopScenario(name: string): Promise<void> {
    await this.runner.stop(this.runner.find(name).name)
  }

  async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.timer)
    await Promise.all(
      this.servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => resolve())
            server.closeAllConnections()
          }),
      ),
    )
  }

  private stageFor(services: number | undefined, firstRevision?: number): Stage {
    const historySeconds = this.options.historySeconds ?? DEFAULT_HISTORY_SECONDS
    const isLarge = services !== undefined && services > LARGE_SERVICES
    // what is simulated lives on for as long again, so that the first hour does not fall off at once
    const retentionSeconds = Math.max(3_600, historySeconds * (isLarge ? 1 : 2))
    const simulation = createSimulation({
      seed: this.options.seed ?? 1,
      services,
      scrapeIntervalSeconds: this.options.scrapeIntervalSeconds,
      retentionSeconds,
      startMs: this.clock.now() - historySeconds * 1000,
      clock: this.clock,
      firstRevision,
    })
    const time = () => simulation.now()
    return {
      simulation,
      prometheus: prometheusHandler({
        store: simulation.metrics,
        now: time,
        scrapeIntervalSeconds: simulation.scrapeIntervalMs / 1000,
        retentionSeconds,
        rules: simulation.rules,
        engine: simulation.queryEngine,
        scrapeUrl: this.scrapeUrl === '' ? undefined : this.scrapeUrl,
        alertmanagerUrl: () => this.alertmanagerUrl || null,
      }),
      alertmanager: alertmanagerHandler(createAlertmanager({ rules: simulation.rules, now: time })),
      jaeger: jaegerHandler({ traces: simulation.traces, now: time }),
      tempo: tempoHandler({ traces: simulation.traces, now: time }),
      kubernetes: kubernetesHandler({
        store: simulation.store,
        now: time,
        logLines: trafficLogs({
          metrics: simulation.metrics,
          traces: simulation.traces,
          writtenUntil: () => simulation.simulatedMs(),
        }),
      }),
      upgrades: kubernetesUpgrades({
        store: simulation.store,
        ports: podPorts({
          store: simulation.store,
          metrics: simulation.metrics,
          now: time,
          version: ISTIO_VERSION,
        }),
      }),
      exposition: expositionHandler({ store: simulation.metrics }),
    }
  }

  /** Another world behind the same addresses. The old one answers until the new one has its history. */
  private async exchangeWorld(services: number | undefined): Promise<void> {
    if (this.isClosed) return
    await setImmediate()
    // far beyond anything a watcher knows: its next question is answered with "gone", and it lists anew
    const next = this.stageFor(services, this.stage.simulation.store.revision + 1_000_000)
    await next.simulation.fillTo(this.clock.now())
    next.simulation.goLive()
    this.stage = next
    this.kubernetesServer?.closeAllConnections()
  }

  private async listen(): Promise<void> {
    const ports = this.options.ports ?? {}
    const listen = (handler: Handler, port: number | undefined) => this.serve(handler, port ?? 0)
    this.scrapeUrl = `${await listen((...io) => this.stage.exposition(...io), ports.scrape)}/metrics`
    this.prometheusUrl = await listen((...io) => this.answerPrometheus(...io), ports.prometheus)
    this.alertmanagerUrl = await listen((...io) => this.stage.alertmanager(...io), ports.alertmanager)
    this.jaegerUrl = await listen((...io) => this.stage.jaeger(...io), ports.jaeger)
    this.tempoUrl = await listen((...io) => this.stage.tempo(...io), ports.tempo)
    this.kubernetesUrl = await listen((...io) => this.stage.kubernetes(...io), ports.kubernetes)
    this.kubernetesServer = this.servers.at(-1)
    this.kubernetesServer?.on('upgrade', (request: IncomingMessage, socket: Duplex) =>
      this.stage.upgrades(request, socket),
    )
    this.controlUrl = await listen(controlHandler({ demo: this, runner: this.runner }), ports.control)
    this.kubeconfig = kubeconfigFor(this.stage.simulation.world.homeCluster, this.kubernetesUrl)
  }

  private answerPrometheus(request: IncomingMessage, response: ServerResponse): void {
    const { prometheus } = this.stage
    if (this.trouble === null) prometheus(request, response)
    else troubled(prometheus, this.trouble)(request, response)
  }

  private serve(handler: Handler, port: number): Promise<string> {
    const server = createServer(handler)
    this.servers.push(server)
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, this.host, () => {
        server.off('error', reject)
        const address = server.address()
        if (address === null || typeof address === 'string') {
          reject(new Error('a listener without a port'))
          return
        }
        const name = this.host.includes(':') ? `[${this.host}]` : this.host
        resolve(`http://${name}:${address.port}`)
      })
    })
  }

  /** Waits for the next instant of the scrape grid. */
  private schedule(): void {
    if (this.isClosed) return
    const { simulation } = this.stage
    const due = simulation.simulatedMs() + simulation.scrapeIntervalMs
    this.timer = setTimeout(
      () => {
        const now = this.clock.now()
        if (now - simulation.simulatedMs() > MOST_MISSED_MS) simulation.skipTo(now)
        this.stage.simulation.moveTo(now)
        this.schedule()
      },
      Math.max(0, due - this.clock.now()),
    )
  }
}
