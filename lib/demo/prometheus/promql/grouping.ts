/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
import { METRIC_NAME, labelSetOf, type LabelSet } from '@/lib/demo/prometheus/label-set'
import type { Row } from '@/lib/demo/prometheus/promql/frame'

/** Groups of label sets that queries made, beyond which a grouper is thrown away rather than kept for later. */
const MOST_PASSING_GROUPS = 50_000

/**
 * Numbers rows by some of their labels: `by (labels)` / `on (labels)`, or all but some: `without (labels)` /
 * `ignoring (labels)`, which also leave out the metric name. Equal numbers mean equal labels.
 */
export class Grouper {
  private readonly numbers = new Map<string, number>()
  private readonly groups: Row[] = []
  /** group by number of an interned label set, -1 where not asked yet */
  private remembered = new Int32Array(0)
  private passing = 0
  /** places of the wanted labels, by list of names (label sets of one shape share theirs) */
  private readonly places = new WeakMap<readonly string[], Int32Array>()
  private readonly wanted: ReadonlySet<string>
  private readonly usesName: boolean

  constructor(
    private readonly labels: readonly string[],
    private readonly without: boolean,
  ) {
    this.wanted = new Set(labels)
    this.usesName = !without && this.wanted.has(METRIC_NAME)
  }

  get isBloated(): boolean {
    return this.passing > MOST_PASSING_GROUPS
  }

  numberOf(row: Row): number {
    const { id } = row.labels
    if (id < 0 || this.usesName) {
      const before = this.groups.length
      const number = this.lookUp(row)
      this.passing += this.groups.length - before
      return number
    }
    if (id >= this.remembered.length) {
      const larger = new Int32Array(Math.max(1024, 2 * id)).fill(-1)
      larger.set(this.remembered)
      this.remembered = larger
    }
    let number = this.remembered[id]!
    if (number < 0) this.remembered[id] = number = this.lookUp(row)
    return number
  }

  /** What a group's rows have in common: only the grouped labels. */
  rowOf(number: number): Row {
    return this.groups[number]!
  }

  private lookUp(row: Row): number {
    const { names, values } = row.labels
    const places = this.placesIn(names)
    let key = this.usesName ? row.metric : ''
    for (const place of places) {
      key += '\uffff'
      if (place >= 0) {
        // which label it is matters only where labels are not listed
        key += this.without ? `${names[place]}\ufffe${values[place]}` : values[place]!
      }
    }
    let number = this.numbers.get(key)
    if (number === undefined) {
      number = this.groups.length
      this.numbers.set(key, number)
      this.groups.push({ metric: this.usesName ? row.metric : '', labels: this.kept(row.labels, places) })
    }
    return number
  }

  private placesIn(names: readonly string[]): Int32Array {
    let places = this.places.get(names)
    if (!places) {
      places = this.without
        ? Int32Array.from([...names.keys()].filter((at) => !this.wanted.has(names[at]!)))
        : Int32Array.from(this.labels, (label) => names.indexOf(label))
      this.places.set(names, places)
    }
    return places
  }

  private kept({ names, values }: LabelSet, places: Int32Array): LabelSet {
    const pairs: [string, string][] = []
    for (const place of places) {
      if (place >= 0) pairs.push([names[place]!, values[place]!])
    }
    return labelSetOf(pairs)
  }
}

export interface GroupedRows {
  /** group of each row, numbered in order of first appearance */
  groupOf: Int32Array
  groups: Row[]
}

export function groupRows(rows: readonly Row[], grouper: Grouper): GroupedRows {
  const groupOf = new Int32Array(rows.length)
  const groups: Row[] = []
  const local = new Map<number, number>()
  for (let row = 0; row < rows.length; row++) {
    const number = grouper.numberOf(rows[row]!)
    let group = local.get(number)
    if (group === undefined) {
      local.set(number, (group = groups.length))
      groups.push(grouper.rowOf(number))
    }
    groupOf[row] = group
  }
  return { groupOf, groups }
}
