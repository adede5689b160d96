import 'server-only'

const encoder = new TextEncoder()

/** One server-sent event; JSON holds no line break, so one data line carries it. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function encodeEvent(name: string, data: unknown, id?: string): Uint8Array {
  const head = id === undefined ? '' : `id: ${id}\n`
  return encoder.encode(`${head}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
}

/** Keeps proxies from closing a quiet connection; readers ignore it. */
export const HEARTBEAT = encoder.encode(': still here\n\n')

/** How long a reader waits before it comes back. */
export const RECONNECT = encoder.encode('retry: 2000\n\n')
