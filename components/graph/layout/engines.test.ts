import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ForceRequest } from './force'

/** Workers in the order in which they were started. */
let started: FakeWorker[]
let isBroken: boolean

class FakeWorker extends EventTarget {
  isEnded = false
  onmessage: ((event: MessageEvent) => void) | null = null
  readonly listeners: string[] = []

  constructor() {
    super()
    started.push(this)
    if (isBroken) setTimeout(() => this.dispatchEvent(Object.assign(new Event('error'), { message: 'gone' })))
  }

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    this.listeners.push(args[0])
    super.addEventListener(...args)
  }

  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
    this.listeners.splice(this.listeners.indexOf(args[0]), 1)
    super.removeEventListener(...args)
  }

  postMessage(request: Partial<ForceRequest>): void {
    if (isBroken || request.items === undefined) return
    const placement = request.items.map(({ id }) => [id, { x: 0, y: 0 }])
    setTimeout(() => this.dispatchEvent(new MessageEvent('message', { data: { id: request.id, placement } })))
  }

  terminate(): void {
    this.isEnded = true
  }
}

beforeEach(() => {
  started = []
  isBroken = false
  vi.resetModules()
  vi.stubGlobal('Worker', FakeWorker)
})
afterEach(() => vi.unstubAllGlobals())

const items = [{ id: 'a', width: 10, height: 10 }]

it('says of a worker that cannot start that it cannot, and starts another the next time', async () => {
  const { enginesFor } = await import('./engines')
  const engines = enginesFor(new AbortController().signal)
  isBroken = true
  await expect(engines.elk({ id: 'root', children: [], edges: [] })).rejects.toThrow('gone')
  await expect(engines.force(items, [])).rejects.toThrow('gone')
  expect(started.map(({ isEnded }) => isEnded)).toEqual([true, true])
  isBroken = false
  expect(await engines.force(items, [])).toEqual(new Map([['a', { x: 0, y: 0 }]]))
  expect(started).toHaveLength(3)
})

it('leaves no listener behind, however often it is asked', async () => {
  const { enginesFor } = await import('./engines')
  const engines = enginesFor(new AbortController().signal)
  for (let round = 0; round < 5; round++) await engines.force(items, [])
  expect(started).toHaveLength(1)
  expect(started[0]?.listeners).toEqual(['error'])
})

it('ends what is busy when the layout is given up', async () => {
  const { enginesFor } = await import('./engines')
  const abort = new AbortController()
  const asked = enginesFor(abort.signal).elk({ id: 'root', children: [], edges: [] })
  abort.abort()
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
  expect(started.map(({ isEnded }) => isEnded)).toEqual([true])
})
