import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { forward } from './forward'

/** An HTTP server in front of another that can stop a chosen request on its way there, or its answer on the way back. */
export interface HoldingProxy {
  url: string
  /** The next request that `matches` stays here; the answer comes when it has arrived. */
  hold(matches: (incoming: IncomingMessage) => boolean, what: 'request' | 'answer'): Promise<void>
  /** Paths that are answered with 403 from now on, as by an API server whose rules do not allow them. */
  forbid(paths: RegExp): void
  /** While true, every connection is broken off, as by a server that is gone. */
  refuse(isGone: boolean): void
  close(): Promise<void>
}

export async function startHoldingProxy(target: string): Promise<HoldingProxy> {
  const onwardTo = new URL(target)
  let held: { matches(incoming: IncomingMessage): boolean; what: string; arrived(): void } | undefined
  let isGone = false
  let forbidden: RegExp | undefined
  const server = createServer((incoming, outgoing) => {
    if (isGone) return void outgoing.destroy()
    if (forbidden?.test(incoming.url ?? '')) {
      outgoing.writeHead(403, { 'content-type': 'application/json' })
      return void outgoing.end(JSON.stringify({ kind: 'Status', code: 403, message: 'is forbidden' }))
    }
    const holding = held?.matches(incoming) ? held : undefined
    if (holding) held = undefined
    if (holding?.what === 'request') return holding.arrived()
    forward(incoming, outgoing, onwardTo, {
      keepsAnswer: () => {
        holding?.arrived()
        return holding !== undefined
      },
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: (matches, what) =>
      new Promise((resolve) => {
        held = { matches, what, arrived: resolve }
      }),
    forbid(paths) {
      forbidden = paths
    },
    refuse(gone) {
      isGone = gone
      if (gone) server.closeAllConnections()
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
