/** The live feed of one view: the whole graph first, then what changes of it. */
import type { Notice } from '@/lib/api/schemas/common'
import type { Graph, GraphPatch } from '@/lib/api/schemas/mesh/graph'
import { applyPatch } from '@/lib/graph/diff'

export interface StreamState {
  /** in a row, without an event in between */
  failures: number
  isOpen: boolean
  isWaiting: boolean
  notices: Notice[]
}

export const CLOSED: StreamState = { failures: 0, isOpen: false, isWaiting: false, notices: [] }
export const CONNECTING: StreamState = { ...CLOSED, isWaiting: true }
export const FLOWING: StreamState = { ...CLOSED, isOpen: true }

const RETRY_STREAM_MS = 5_000

/** A stream that fails this often in a row is replaced by asking, and tried again later. */
export const FAILURES_BEFORE_POLLING = 2

/**
 * A feed of which nothing was heard for so long is dead, whatever the browser believes: a laptop that slept and
 * proxies in between leave connections that nobody ends. The server refreshes long windows up to every five minutes;
 * a live feed that is opened anew costs one graph.
 */
const SILENT_MS = 3 * 60_000
const SILENT_IN_LONG_WINDOWS_MS = 12 * 60_000
const LONG_WINDOW_SECONDS = 3_600

/**
 * Follows the feed until the answer is called. Patches are put onto what this connection was sent: where the graph is
 * kept, one that was asked for beside it may have taken its place.
 */
export function followGraph(
  url: string,
  on: {
    graph: (graph: Graph) => void
    state: (next: StreamState | ((old: StreamState) => StreamState)) => void
  },
): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let held: Graph | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  const listen = () => {
    clearTimeout(silence)
    const isLong = (held?.windowSeconds ?? 0) > LONG_WINDOW_SECONDS
    silence = setTimeout(onSilence, isLong ? SILENT_IN_LONG_WINDOWS_MS : SILENT_MS)
  }
  const onSilence = () => {
    failures = Math.max(failures + 1, FAILURES_BEFORE_POLLING)
    on.state((old) => ({ ...old, failures, isOpen: false, isWaiting: false }))
    restart(0)
  }
  const put = (graph: Graph) => {
    held = graph
    failures = 0
    listen()
    on.graph(graph)
    on.state(FLOWING)
  }
  const open = () => {
    listen()
    source = new EventSource(url)
    source.addEventListener('graph', (event) => put(read<Graph>(event)))
    source.addEventListener('patch', (event) => {
      // a patch without its base says nothing: begin again with the whole graph
      if (!held) return restart(0)
      put(applyPatch(held, read<GraphPatch>(event)))
    })
    source.addEventListener('notice', (event) => {
      listen()
      const said = read<Notice | Notice[]>(event)
      const notices = Array.isArray(said) ? said : [said]
      on.state((old) => ({ ...old, isWaiting: false, notices: uniqueNotices([...old.notices, ...notices]) }))
    })
    source.onopen = () => on.state((old) => ({ ...old, isOpen: true }))
    source.onerror = () => {
      failures += 1
      on.state((old) => ({ ...old, failures, isOpen: false, isWaiting: false }))
      // a refused stream (400, 503) is closed for good by the browser: try again ourselves
      if (source?.readyState === EventSource.CLOSED) restart(RETRY_STREAM_MS)
    }
  }
  const restart = (delayMs: number) => {
    source?.close()
    clearTimeout(timer)
    timer = setTimeout(open, delayMs)
  }
  open()
  return () => {
    clearTimeout(silence)
    clearTimeout(timer)
    source?.close()
  }
}

export function uniqueNotices(notices: readonly Notice[]): Notice[] {
  return [...new Map(notices.map((notice) => [notice.code + notice.message, notice])).values()]
}

/** Our own server wrote it, from the same schema the type comes from. */
function read<T>(event: MessageEvent<string>): T {
  return JSON.parse(event.data) as T
}
