/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
/**
 * Sample storage: one ring of scrape times shared by every series, and one row of doubles per series in large
 * slabs. A sample is known by its index, which only rises; the ring keeps the last `capacity` of them.
 */
export class SampleRing {
  private readonly times: Float64Array
  private readonly slabs: Float64Array[] = []
  private readonly rowsPerSlab: number
  /** number of scrapes so far: the index the next one will have */
  count = 0

  constructor(readonly capacity: number) {
    this.times = new Float64Array(capacity)
    // about 2 MB a slab: large enough to be mapped lazily by the system, small enough for a small mesh
    this.rowsPerSlab = Math.max(1, Math.floor(262_144 / capacity))
  }

  /** index of the oldest sample still kept */
  get oldest(): number {
    return Math.max(0, this.count - this.capacity)
  }

  /** epoch milliseconds of a kept sample */
  timeAt(index: number): number {
    return this.times[index % this.capacity]!
  }

  /** Opens the next index. Times rise strictly. */
  open(atMs: number): number {
    if (this.count > 0 && !(atMs > this.timeAt(this.count - 1))) {
      throw new RangeError(`scrape at ${atMs} does not come after ${this.timeAt(this.count - 1)}`)
    }
    const index = this.count
    this.times[index % this.capacity] = atMs
    this.count++
    return index
  }

  /** Makes room for rows up to `row`. */
  reserve(row: number): void {
    while (this.slabs.length * this.rowsPerSlab <= row) {
      this.slabs.push(new Float64Array(this.rowsPerSlab * this.capacity))
    }
  }

  write(row: number, index: number, value: number): void {
    const place = row % this.rowsPerSlab
    this.slabs[(row - place) / this.rowsPerSlab]![place * this.capacity + (index % this.capacity)] = value
  }

  /** One scrape: `values[row]` becomes the sample `index` of every row below `rows`. */
  writeAll(index: number, values: Float64Array, rows: number): void {
    const slot = index % this.capacity
    let row = 0
    for (const slab of this.slabs) {
      for (let at = slot; at < slab.length && row < rows; at += this.capacity) slab[at] = values[row++]!
    }
  }

  read(row: number, index: number): number {
    const place = row % this.rowsPerSlab
    return this.slabs[(row - place) / this.rowsPerSlab]![place * this.capacity + (index % this.capacity)]!
  }

  /** Copies samples `from` up to, not including, `to` of one row into `out` from its start. */
  copy(row: number, from: number, to: number, out: Float64Array): void {
    const place = row % this.rowsPerSlab
    const slab = this.slabs[(row - place) / this.rowsPerSlab]!
    const base = place * this.capacity
    let slot = from % this.capacity
    for (let at = 0; at < to - from; at++) {
      out[at] = slab[base + slot]!
      if (++slot === this.capacity) slot = 0
    }
  }

  /** The first kept index whose time is at or after `ms`; `count` when there is none. */
  firstAtOrAfter(ms: number): number {
    let low = this.oldest
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.timeAt(middle) < ms) low = middle + 1
      else high = middle
    }
    return low
  }

  /** One past the last kept index whose time is at or before `ms`. */
  endAtOrBefore(ms: number): number {
    let low = this.oldest
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.timeAt(middle) <= ms) low = middle + 1
      else high = middle
    }
    return low
  }
}
