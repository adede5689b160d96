/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
/**
 * Label sets as the metric store and the query engine carry them: two parallel arrays, without the metric
 * name, which travels beside them so that dropping it costs nothing.
 */

export const METRIC_NAME = '__name__'

export interface LabelSet {
  /** sorted, never `__name__`; values are never empty: an empty label is an absent one */
  readonly names: readonly string[]
  readonly values: readonly string[]
  /** place in the table that made it; -1 for sets a query made */
  readonly id: number
}

/** A set of the table; `base` is the set without `le`, which all buckets of one histogram share. */
export interface InternedLabels extends LabelSet {
  readonly base: number
}

export const EMPTY_LABELS: LabelSet = { names: [], values: [], id: -1 }

/** The value of one label; '' when absent, which in Prometheus is the same thing. */
export function labelValue(labels: LabelSet, name: string): string {
  const at = labels.names.indexOf(name)
  return at < 0 ? '' : labels.values[at]!
}

/** A set from pairs; empty values and `__name__` are left out. */
export function labelSetOf(pairs: Iterable<readonly [string, string]>): LabelSet {
  const kept = [...pairs].filter(([name, value]) => value !== '' && name !== METRIC_NAME)
  kept.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return { names: kept.map(([name]) => name), values: kept.map(([, value]) => value), id: -1 }
}

/** The same set with one label set, or taken away when `value` is ''. */
export function withLabel(labels: LabelSet, name: string, value: string): LabelSet {
  const at = labels.names.indexOf(name)
  if (at >= 0 ? labels.values[at] === value : value === '') return labels
  const names = [...labels.names]
  const values = [...labels.values]
  if (at >= 0) {
    if (value === '') {
      names.splice(at, 1)
      values.splice(at, 1)
    } else {
      values[at] = value
    }
    return { names, values, id: -1 }
  }
  let place = names.findIndex((other) => other > name)
  if (place < 0) place = names.length
  names.splice(place, 0, name)
  values.splice(place, 0, value)
  return { names, values, id: -1 }
}

/** The same set with only the labels `keep` accepts. */
export function filterLabels(labels: LabelSet, keep: (name: string) => boolean): LabelSet {
  const names: string[] = []
  const values: string[] = []
  for (let i = 0; i < labels.names.length; i++) {
    const name = labels.names[i]!
    if (keep(name)) {
      names.push(name)
      values.push(labels.values[i]!)
    }
  }
  return names.length === labels.names.length ? labels : { names, values, id: -1 }
}

/** Text that is equal for equal sets and differs otherwise (neither separator occurs in UTF-8 text). */
export function labelKey(metric: string, labels: LabelSet): string {
  let key = metric
  for (let i = 0; i < labels.names.length; i++) {
    key += '\uffff' + labels.names[i]! + '\ufffe' + labels.values[i]!
  }
  return key
}

/** Name and value pairs in the order Prometheus sorts labels, `__name__` among them when `metric` is not ''. */
export function sortedPairs(metric: string, labels: LabelSet): [string, string][] {
  const pairs: [string, string][] = []
  let named = metric === ''
  for (let i = 0; i < labels.names.length; i++) {
    const name = labels.names[i]!
    if (!named && name > METRIC_NAME) {
      pairs.push([METRIC_NAME, metric])
      named = true
    }
    pairs.push([name, labels.values[i]!])
  }
  if (!named) pairs.push([METRIC_NAME, metric])
  return pairs
}

/** Prometheus's order of label sets: pair by pair, name before value, the shorter set first. */
export function comparePairs(a: readonly [string, string][], b: readonly [string, string][]): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const [aName, aValue] = a[i]!
    const [bName, bValue] = b[i]!
    if (aName !== bName) return aName < bName ? -1 : 1
    if (aValue !== bValue) return aValue < bValue ? -1 : 1
  }
  return a.length - b.length
}

interface Shape {
  /** small number of the sorted name list, whatever order the names came in */
  id: number
  names: readonly string[]
}

/**
 * One object per distinct label set, so that series of different metrics share it and a set can be known by
 * its number. Values are kept once each; a set's key is the numbers of its values, not their text.
 */
export class LabelTable {
  readonly sets: InternedLabels[] = []
  private readonly byKey = new Map<string, InternedLabels>()
  private readonly withBound = new Map<number, Map<string, InternedLabels>>()
  /** by the names of the base: where `le` goes */
  private readonly boundShapes = new WeakMap<readonly string[], { names: readonly string[]; place: number }>()
  private readonly shapes = new Map<string, Shape>()
  private readonly symbols = new Map<string, { id: number; text: string }>()

  intern(labels: Readonly<Record<string, string>>): InternedLabels {
    // a histogram's twenty buckets differ in `le` alone: they hang on the set without it and need no long key
    const bound = labels.le
    if (bound !== undefined && bound !== '') {
      return this.internBound(this.internRest(labels), bound)
    }
    return this.internRest(labels)
  }

  /** The set of a histogram's bucket. */
  internBound(base: InternedLabels, bound: string): InternedLabels {
    let known = this.withBound.get(base.id)
    if (!known) this.withBound.set(base.id, (known = new Map()))
    let set = known.get(bound)
    if (!set) {
      let shape = this.boundShapes.get(base.names)
      if (!shape) {
        const names = withLabel(base, 'le', bound).names
        shape = { names: this.shapeOf(names).names, place: names.indexOf('le') }
        this.boundShapes.set(base.names, shape)
      }
      const values = base.values.slice()
      values.splice(shape.place, 0, this.symbol(bound).text)
      set = this.add(shape.names, values, base.id)
      known.set(bound, set)
    }
    return set
  }

  private internRest(labels: Readonly<Record<string, string>>): InternedLabels {
    let given = ''
    for (const name in labels) {
      if (labels[name] !== '' && name !== 'le' && name !== METRIC_NAME) given += name + '\uffff'
    }
    let shape = this.shapes.get(given)
    if (!shape) {
      shape = this.shapeOf(given.split('\uffff').slice(0, -1).sort())
      this.shapes.set(given, shape)
    }
    let key = codeUnits(shape.id)
    for (const name of shape.names) key += codeUnits(this.symbol(labels[name]!).id)
    let set = this.byKey.get(key)
    if (!set) {
      set = this.add(
        shape.names,
        shape.names.map((name) => this.symbol(labels[name]!).text),
      )
      this.byKey.set(key, set)
    }
    return set
  }

  private add(names: readonly string[], values: readonly string[], base = this.sets.length): InternedLabels {
    const set: InternedLabels = { names, values, id: this.sets.length, base }
    this.sets.push(set)
    return set
  }

  private shapeOf(sortedNames: readonly string[]): Shape {
    const key = sortedNames.map((name) => name + '\uffff').join('')
    let shape = this.shapes.get(key)
    if (!shape) {
      shape = { id: this.shapes.size, names: sortedNames.map((name) => this.symbol(name).text) }
      this.shapes.set(key, shape)
    }
    return shape
  }

  private symbol(text: string): { id: number; text: string } {
    let symbol = this.symbols.get(text)
    if (!symbol) {
      symbol = { id: this.symbols.size, text }
      this.symbols.set(text, symbol)
    }
    return symbol
  }
}

/** One code unit below 32,768, two above: no code is the beginning of another. */
function codeUnits(id: number): string {
  return id < 0x8000 ? String.fromCharCode(id) : String.fromCharCode(0x8000 | (id >>> 16), id & 0xffff)
}
