/** Heddle as the benchmark runs it, and how long its answers take. */
import { startHeddle, type HeddleProcess } from '../../support/heddle/heddle-process'

const NOTHING = { PROMETHEUS_URL: '', JAEGER_URL: '', TEMPO_URL: '', KUBECONFIG: '', HEDDLE_CONFIG: '' }

/** Heddle on these upstreams and no other, whatever the environment of the benchmark names. */
export function serveOn(env: { PROMETHEUS_URL: string } & Record<string, string>): Promise<HeddleProcess> {
  return startHeddle({ ...NOTHING, ...env })
}

export interface Answered {
  /** until a client has read it all, compressed, in milliseconds */
  ms: number
  body: string
}

/** Throws when the answer is not what was asked for. */
export async function answered(url: string): Promise<Answered> {
  const begun = performance.now()
  const answer = await fetch(url)
  const bytes = await answer.arrayBuffer()
  const ms = performance.now() - begun
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return { ms, body: Buffer.from(bytes).toString() }
}

/** The same asked several times, one after the other: milliseconds of each. */
export async function answeredTimes(url: string, times: number): Promise<number[]> {
  const ms: number[] = []
  for (let round = 0; round < times; round += 1) ms.push((await answered(url)).ms)
  return ms
}
