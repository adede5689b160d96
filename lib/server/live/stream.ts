import 'server-only'
import { HEARTBEAT, RECONNECT } from './encode'
import type { Viewer } from './live-view'

const HEARTBEAT_MS = 15_000
/** Events a slow reader may have waiting; past that it gets the whole graph once it reads again. */
const WAITING_EVENTS = 8

/** A viewer's place at a view; `leave` may be called more than once. */
export interface Seat {
  /** the reader takes events again */
  catchUp(): void
  leave(): void
}

/** Ends of all streams of this process: a server that is asked to end waits for its connections. */
export type OpenStreams = Set<() => void>

/**
 * A live view as a stream of server-sent events. It ends when `signal` does or when the reader cancels, whichever
 * is noticed first; ending twice is harmless.
 */
export function streamView(
  join: (viewer: Viewer) => Seat,
  signal: AbortSignal,
  openStreams: OpenStreams,
): ReadableStream<Uint8Array> {
  let end = () => {}
  let seat: Seat | undefined
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const heartbeat = setInterval(() => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(HEARTBEAT)
        }, HEARTBEAT_MS)
        heartbeat.unref()
        let isEnded = false
        end = () => {
          if (isEnded) return
          isEnded = true
          clearInterval(heartbeat)
          signal.removeEventListener('abort', end)
          openStreams.delete(end)
          seat?.leave()
          try {
            controller.close()
          } catch {
            // the reader has cancelled: there is nothing left to close
          }
        }
        if (signal.aborted) return end()
        signal.addEventListener('abort', end)
        openStreams.add(end)
        controller.enqueue(RECONNECT)
        const viewer = {
          send(event: { bytes: Uint8Array }) {
            if (isEnded || (controller.desiredSize ?? 0) <= 0) return false
            controller.enqueue(event.bytes)
            return true
          },
        }
        seat = join(viewer)
      },
      pull() {
        seat?.catchUp()
      },
      cancel() {
        end()
      },
    },
    new CountQueuingStrategy({ highWaterMark: WAITING_EVENTS }),
  )
}
