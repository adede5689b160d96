import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { Graph } from '@/lib/api/schemas/mesh/graph'
import { diffGraph } from '@/lib/graph/diff'
import type { GraphView } from '@/lib/graph/types'
import type { LineState } from '../snapshots/live-line'
import type { Projector } from '../snapshots/projection'
import { encodeEvent } from './encode'

/** A viewer that comes back after missing this many changes gets them; more, and the whole is shorter. */
const KEPT_PATCHES = 8

export interface LiveEvent {
  /** version of the view after this event; events without one (notices) do not move a reader on */
  id: string | null
  bytes: Uint8Array
}

export interface Viewer {
  /** false: this viewer is behind and did not take the event; it asks for `whole` when it has caught up */
  send(event: LiveEvent): boolean
}

/**
 * What many viewers of one view see: projected once, diffed once, encoded once per change.
 * A viewer that missed an event gets the whole graph, never a patch on something it does not hold.
 */
export class LiveView {
  readonly #view: GraphView
  readonly #projector: Projector
  /** tells versions of this process apart from those of another replica or an earlier life */
  readonly #epoch: string
  readonly #standing: () => readonly Notice[]
  readonly #viewers = new Map<Viewer, { isBehind: boolean }>()
  readonly #patches: { from: string; event: LiveEvent }[] = []
  #graph: Graph | null = null
  #version = 0
  #whole: LiveEvent | null = null
  #failure: Notice | null = null

  /** `standing`: what is to be told of the objects beside the traffic, as it is at each change. */
  constructor(view: GraphView, projector: Projector, epoch: string, standing: () => readonly Notice[]) {
    this.#view = view
    this.#standing = standing
    this.#projector = projector
    this.#epoch = epoch
  }

  get size(): number {
    return this.#viewers.size
  }

  /** `lastId`: the version the viewer still holds from before its connection broke. */
  add(viewer: Viewer, lastId: string | null): void {
    const entry = { isBehind: false }
    this.#viewers.set(viewer, entry)
    if (!this.#graph) {
      if (this.#failure) viewer.send(noticeEvent(this.#failure))
      return
    }
    const missed = this.#missedSince(lastId)
    for (const event of missed ?? [this.#wholeEvent(this.#graph)]) {
      if (!viewer.send(event)) entry.isBehind = true
    }
  }

  remove(viewer: Viewer): void {
    this.#viewers.delete(viewer)
  }

  /** A viewer that was behind can take events again. */
  catchUp(viewer: Viewer): void {
    const entry = this.#viewers.get(viewer)
    if (!entry?.isBehind || !this.#graph) return
    entry.isBehind = !viewer.send(this.#wholeEvent(this.#graph))
  }

  update({ snapshot, failure }: LineState): void {
    const isNewFailure = failure !== null && failure.message !== this.#failure?.message
    this.#failure = failure
    if (isNewFailure) this.#broadcast(noticeEvent(failure))
    if (!snapshot) return
    const notices = [...(failure ? [failure] : []), ...this.#standing()]
    const next = this.#projector.project(snapshot, this.#view, notices)
    const before = this.#graph
    if (next === before) return
    const from = this.#id()
    this.#graph = next
    this.#whole = null
    this.#version += 1
    if (!before) {
      this.#broadcast(this.#wholeEvent(next))
      return
    }
    const event = { id: this.#id(), bytes: encodeEvent('patch', diffGraph(before, next), this.#id()) }
    this.#patches.push({ from, event })
    if (this.#patches.length > KEPT_PATCHES) this.#patches.shift()
    this.#broadcast(event)
  }

  #broadcast(event: LiveEvent): void {
    for (const [viewer, entry] of this.#viewers) {
      if (entry.isBehind) continue
      // a dropped notice is no loss: the graph carries the notices too
      if (!viewer.send(event) && event.id !== null) entry.isBehind = true
    }
  }

  #missedSince(lastId: string | null): LiveEvent[] | null {
    if (lastId === null) return null
    if (lastId === this.#id()) return []
    const first = this.#patches.findIndex(({ from }) => from === lastId)
    return first === -1 ? null : this.#patches.slice(first).map(({ event }) => event)
  }

  #wholeEvent(graph: Graph): LiveEvent {
    this.#whole ??= { id: this.#id(), bytes: encodeEvent('graph', graph, this.#id()) }
    return this.#whole
  }

  #id(): string {
    return `${this.#epoch}-${this.#version}`
  }
}

function noticeEvent(notice: Notice): LiveEvent {
  return { id: null, bytes: encodeEvent('notice', notice) }
}
