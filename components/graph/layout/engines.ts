/** Layout engines in workers. One set a layout: cancelling ends the workers, whatever they were at. */
import type { ElkNode } from 'elkjs/lib/elk-api'
import ElkApi from 'elkjs/lib/elk-api'
import type { ForceAnswer, ForceRequest } from './force'
import type { Item, Link, Placement } from './model'

export interface Engines {
  elk(graph: ElkNode): Promise<ElkNode>
  force(items: readonly Item[], links: readonly Link[]): Promise<Placement>
  dispose(): void
}

const WORKERS = 2

/** Engines that start their workers when first needed. Throws AbortError once `signal` fires. */
export function startEngines(signal: AbortSignal): Engines {
  const elks: { api: InstanceType<typeof ElkApi>; worker: Worker; queue: number }[] = []
  let forceWorker: Worker | undefined
  let calls = 0

  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      dispose()
      reject(new DOMException('Layout cancelled', 'AbortError'))
    })
  })
  // nobody may be waiting when the signal fires
  aborted.catch(() => {})

  function dispose(): void {
    for (const elk of elks) elk.worker.terminate()
    elks.length = 0
    forceWorker?.terminate()
    forceWorker = undefined
  }

  function freeElk() {
    const idle = elks.find((elk) => elk.queue === 0)
    if (idle) return idle
    if (elks.length < WORKERS) {
      const worker = new Worker(new URL('./elk.worker.ts', import.meta.url), { type: 'module' })
      const started = { api: new ElkApi({ workerFactory: () => worker }), worker, queue: 0 }
      elks.push(started)
      return started
    }
    return elks.toSorted((a, b) => a.queue - b.queue)[0]
  }

  return {
    async elk(graph) {
      signal.throwIfAborted()
      const elk = freeElk()
      if (!elk) throw new DOMException('Layout cancelled', 'AbortError')
      elk.queue += 1
      try {
        return await Promise.race([elk.api.layout(graph), aborted])
      } finally {
        elk.queue -= 1
      }
    },
    async force(items, links) {
      signal.throwIfAborted()
      forceWorker ??= new Worker(new URL('./force.worker.ts', import.meta.url), { type: 'module' })
      const worker = forceWorker
      const request: ForceRequest = { id: ++calls, items, links }
      const answer = new Promise<Placement>((resolve, reject) => {
        worker.addEventListener('message', (event: MessageEvent<ForceAnswer>) => {
          if (event.data.id === request.id) resolve(new Map(event.data.placement))
        })
        worker.addEventListener('error', (event) => reject(new Error(event.message)))
      })
      worker.postMessage(request)
      return Promise.race([answer, aborted])
    },
    dispose,
  }
}
