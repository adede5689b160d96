import type { Rect } from './paint-box'

const CELL = 80

/** Room on screen for labels: who claims first, keeps it. Pure bookkeeping, in screen pixels. */
export class LabelRoom {
  readonly #cells = new Map<string, Rect[]>()

  /** Takes the place whether or not it was free. */
  occupy(rect: Rect): void {
    for (const key of cellsOf(rect)) {
      const cell = this.#cells.get(key)
      if (cell) cell.push(rect)
      else this.#cells.set(key, [rect])
    }
  }

  /** Takes the place if it is free; says whether it was. */
  claim(rect: Rect): boolean {
    if (!this.isFree(rect)) return false
    this.occupy(rect)
    return true
  }

  isFree(rect: Rect): boolean {
    for (const key of cellsOf(rect)) {
      if (this.#cells.get(key)?.some((other) => overlap(rect, other))) return false
    }
    return true
  }
}

function* cellsOf(rect: Rect): Generator<string> {
  for (let x = Math.floor(rect.x / CELL); x <= Math.floor((rect.x + rect.width) / CELL); x++) {
    for (let y = Math.floor(rect.y / CELL); y <= Math.floor((rect.y + rect.height) / CELL); y++)
      yield `${x} ${y}`
  }
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}
