import 'server-only'
import type { ScenarioList } from '@/lib/api/schemas/status'
import type { DemoControl } from '../demo-control'
import { notFound } from '../errors'
import type { Upstreams } from '../upstreams'

/** Incidents of the embedded mesh and which of them run. */
export async function listScenarios(up: Upstreams, signal?: AbortSignal): Promise<ScenarioList> {
  return requireDemo(up).list(signal)
}

/** Starts or stops one; answers the list as it is then. */
export async function setScenario(
  up: Upstreams,
  name: string,
  action: 'start' | 'stop',
  signal?: AbortSignal,
): Promise<ScenarioList> {
  return requireDemo(up).set(name, action, signal)
}

function requireDemo(up: Upstreams): DemoControl {
  if (up.demo) return up.demo
  throw notFound('Scenarios exist in the embedded mesh only; this is a real one.', 'no-embedded-mesh')
}
