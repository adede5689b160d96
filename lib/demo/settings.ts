/** What the process of the embedded mesh is told by its environment and its flags. */
import { parseArgs } from 'node:util'
import { findScenario, scenarioNames } from './scenarios/catalogue'
import type { DemoPorts } from './start-demo'

export interface Settings {
  seed: number
  services: number | undefined
  scenario: string | undefined
  ports: DemoPorts
  kubeconfigOut: string
  json: boolean
  withParent: boolean
  wantsHelp: boolean
}

const MOST_SERVICES = 5_000
const PORTS = ['prometheus', 'alertmanager', 'jaeger', 'tempo', 'kubernetes', 'scrape', 'control'] as const

export const USAGE = `The embedded mesh: simulated traffic behind the HTTP APIs of Prometheus,
Alertmanager, Jaeger, Tempo and Kubernetes.

  --prometheus-port N --alertmanager-port N --jaeger-port N --tempo-port N
  --kubernetes-port N --scrape-port N --control-port N
                          ports on loopback; a free one each when left out
  --kubeconfig-out PATH   where the kubeconfig is written (.heddle/kubeconfig)
  --json                  print one line of JSON when ready
  --with-parent           end when standard input or the IPC channel closes

  HEDDLE_DEMO_SEED        number that fixes the world (1)
  HEDDLE_DEMO_SERVICES    a synthetic mesh of so many services instead of the hand-made one
  HEDDLE_DEMO_SCENARIO    an incident to begin with: ${scenarioNames()}`

/** Throws an Error whose message names the variable or flag, what is wrong and what is allowed. */
export function readSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  const { values } = parse(args)
  const ports: DemoPorts = {}
  for (const name of PORTS) {
    const value = values[`${name}-port`]
    if (typeof value === 'string') ports[name] = wholeNumber(`--${name}-port`, value, 0, 65_535)
  }
  const scenario = env.HEDDLE_DEMO_SCENARIO || undefined
  if (scenario !== undefined && findScenario(scenario) === undefined) {
    throw new Error(`HEDDLE_DEMO_SCENARIO=${scenario} is no scenario; choose one of ${scenarioNames()}.`)
  }
  const services = env.HEDDLE_DEMO_SERVICES || undefined
  return {
    seed: wholeNumber('HEDDLE_DEMO_SEED', env.HEDDLE_DEMO_SEED || '1', 0, 2 ** 31 - 1),
    services:
      services === undefined ? undefined : wholeNumber('HEDDLE_DEMO_SERVICES', services, 10, MOST_SERVICES),
    scenario,
    ports,
    kubeconfigOut: values['kubeconfig-out'] ?? '.heddle/kubeconfig',
    json: values.json ?? false,
    withParent: values['with-parent'] ?? false,
    wantsHelp: values.help ?? false,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'prometheus-port': { type: 'string' },
        'alertmanager-port': { type: 'string' },
        'jaeger-port': { type: 'string' },
        'tempo-port': { type: 'string' },
        'kubernetes-port': { type: 'string' },
        'scrape-port': { type: 'string' },
        'control-port': { type: 'string' },
        'kubeconfig-out': { type: 'string' },
        json: { type: 'boolean' },
        'with-parent': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${reason.split('. ', 1)[0]}. --help lists the flags.`, { cause: error })
  }
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new Error(`${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(text)}.`)
  }
  return value
}
