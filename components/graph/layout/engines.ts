/** Layout engines in workers that outlive a layout: starting one and warming its code costs seconds. */
import type { ElkNode } from 'elkjs/lib/elk-api'
import ElkApi from 'elkjs/lib/elk-api'
import { elkGraphOf } from './elk-graph'
import type { ForceAnswer, ForceRequest } from './force'
import type { Item, Link, Placement } from './model'
import { warmUpInputs } from './warm-up'

export interface Engines {
  elk(graph: ElkNode): Promise<ElkNode>
  force(items: readonly Item[], links: readonly Link[]): Promise<Placement>
}

interface Hand {
  worker: Worker
  api: InstanceType<typeof ElkApi>
  /** rejects when the worker cannot start or breaks, of which ELK itself says nothing */
  broken: Promise<never>
  /** how much it was given and has not answered: nodes times edges, about what a layout costs */
  load: number
}

const MOST_HANDS = 2
let hands: Hand[] = []
let forceHand: Pick<Hand, 'worker' | 'broken'> | undefined
let calls = 0
/** a real layout was asked for: nothing is to keep it waiting */
let isAsked = false

/**
 * Starts the workers and runs them warm, so that the first real layout finds them quick. They go on as long as nobody
 * wants anything of them, in steps so short that whoever does hardly waits.
 */
export function warmUp(): void {
  if (hands.length > 0 || isAsked) return
  void warm(newHand(), () => void warm(newHand()))
}

/** `onStarted` once the worker is there: two that start at once keep each other waiting. */
async function warm(hand: Hand, onStarted: () => void = () => {}): Promise<void> {
  for (const [step, input] of warmUpInputs().entries()) {
    if (isAsked) return
    try {
      await work(hand, elkGraphOf(input))
    } catch {
      // a worker that cannot start says so when it is needed
      return
    }
    if (step === 0 && !isAsked) onStarted()
  }
}

/** The engines for one layout. Every call rejects with AbortError once `signal` fires. */
export function enginesFor(signal: AbortSignal): Engines {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      // a layout cannot be told to stop: what is busy ends, the next layout starts anew
      for (const hand of hands.filter((each) => each.load > 0)) hand.worker.terminate()
      hands = hands.filter((each) => each.load === 0)
      forceHand?.worker.terminate()
      forceHand = undefined
      reject(new DOMException('Layout cancelled', 'AbortError'))
    })
  })
  // nobody may be waiting when the signal fires
  aborted.catch(() => {})
  return {
    async elk(graph) {
      isAsked = true
      signal.throwIfAborted()
      return Promise.race([work(freeHand(), graph), aborted])
    },
    async force(items, links) {
      signal.throwIfAborted()
      return Promise.race([forceInWorker(items, links), aborted])
    },
  }
}

function newHand(): Hand {
  const worker = new Worker(new URL('./elk.worker.ts', import.meta.url), { type: 'module' })
  const broken = failureOf(worker, () => {
    hands = hands.filter((each) => each.worker !== worker)
  })
  const hand = { worker, api: new ElkApi({ workerFactory: () => worker }), broken, load: 0 }
  hands.push(hand)
  return hand
}

/** Rejects when a worker cannot start or breaks; then nobody is to ask it any more. */
function failureOf(worker: Worker, forget: () => void): Promise<never> {
  const failure = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      forget()
      worker.terminate()
      reject(new Error(event.message || 'a layout worker cannot start'))
    })
  })
  // nobody may be waiting when it breaks
  failure.catch(() => {})
  return failure
}

function freeHand(): Hand {
  const [least] = hands.toSorted((a, b) => a.load - b.load)
  return !least || (least.load > 0 && hands.length < MOST_HANDS) ? newHand() : least
}

async function work(hand: Hand, graph: ElkNode): Promise<ElkNode> {
  const load = (graph.children?.length ?? 0) * (graph.edges?.length ?? 0) + 1
  hand.load += load
  try {
    return await Promise.race([hand.api.layout(graph), hand.broken])
  } finally {
    hand.load -= load
  }
}

function forceInWorker(items: readonly Item[], links: readonly Link[]): Promise<Placement> {
  forceHand ??= newForceHand()
  const { worker, broken } = forceHand
  const request: ForceRequest = { id: ++calls, items, links }
  const answered = new Promise<Placement>((resolve) => {
    const onMessage = (event: MessageEvent<ForceAnswer>) => {
      if (event.data.id !== request.id) return
      worker.removeEventListener('message', onMessage)
      resolve(new Map(event.data.placement))
    }
    worker.addEventListener('message', onMessage)
  })
  worker.postMessage(request)
  return Promise.race([answered, broken])
}

function newForceHand(): Pick<Hand, 'worker' | 'broken'> {
  const worker = new Worker(new URL('./force.worker.ts', import.meta.url), { type: 'module' })
  const broken = failureOf(worker, () => {
    if (forceHand?.worker === worker) forceHand = undefined
  })
  return { worker, broken }
}
