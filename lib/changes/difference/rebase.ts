/** Three versions of one object become one: what I changed, put onto what somebody else made of it meanwhile. */
import { isEqual } from './json-patch'

/** One place both sides changed in different ways; undefined: the field is not there. */
export interface Clash {
  /** RFC 6901, such as `/spec/http/0/timeout`; `/spec/http/0/route/weight` for all weights of a list */
  path: string
  base: unknown
  theirs: unknown
  mine: unknown
}

export type Side = 'theirs' | 'mine'

export interface Rebased {
  value: unknown
  /** places that could not be joined; `value` holds there what was chosen, without a choice theirs */
  clashes: Clash[]
}

type Fields = Record<string, unknown>

/** What tells list items apart: an item whose place says something else is another item. */
const IDENTITY = ['name', 'match', 'matches', 'destination', 'host', 'hosts', 'port', 'uri', 'group', 'kind']

/**
 * Mine onto theirs. Fields are joined one by one; lists item by item while every item is still the same one on all
 * three sides, else the list is one place. Weights of a list are one place too: a mixture would be a split that nobody
 * wanted. `choices` says per path which side stands where both changed.
 */
export function rebase(
  { base, theirs, mine }: { base: unknown; theirs: unknown; mine: unknown },
  choices: Readonly<Record<string, Side>> = {},
): Rebased {
  const clashes: Clash[] = []
  const value = join(base, theirs, mine, '', (clash) => {
    clashes.push(clash)
    return choices[clash.path] === 'mine' ? clash.mine : clash.theirs
  })
  return { value, clashes }
}

function join(
  base: unknown,
  theirs: unknown,
  mine: unknown,
  path: string,
  settle: (clash: Clash) => unknown,
): unknown {
  if (isEqual(base, mine) || isEqual(theirs, mine)) return theirs
  if (isEqual(base, theirs)) return mine
  if (isFields(base) && isFields(theirs) && isFields(mine)) {
    const names = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])]
    const joined = names.flatMap((name) => {
      const at = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
      const value = join(own(base, name), own(theirs, name), own(mine, name), at, settle)
      return value === undefined ? [] : [[name, value] as const]
    })
    return Object.fromEntries(joined)
  }
  if (Array.isArray(base) && Array.isArray(theirs) && Array.isArray(mine) && isInStep(base, theirs, mine)) {
    const sides = withOneSplit([base, theirs, mine], (weights) =>
      settle({ path: `${path}/weight`, ...weights }),
    )
    return base.map((_, index) => {
      const [was, other, own] = sides.map((side) => side[index])
      return join(was, other, own, `${path}/${index}`, settle)
    })
  }
  return settle({ path, base, theirs, mine })
}

type Sides = [base: readonly unknown[], theirs: readonly unknown[], mine: readonly unknown[]]

/** The lists with the weights of one side in all of them, where both sides changed some in different ways. */
function withOneSplit(lists: Sides, choose: (weights: Omit<Clash, 'path'>) => unknown): Sides {
  const [base, theirs, mine] = lists.map((list) =>
    list.map((item) => (isFields(item) ? item.weight : undefined)),
  )
  const areDifferent = !isEqual(base, theirs) && !isEqual(base, mine) && !isEqual(theirs, mine)
  if (!areDifferent) return lists
  const chosen = choose({ base, theirs, mine }) as readonly unknown[]
  return lists.map((list) =>
    list.map((item, index) => {
      if (!isFields(item)) return item
      const { weight: _weight, ...rest } = item
      return chosen[index] === undefined ? rest : { ...item, weight: chosen[index] }
    }),
  ) as unknown as Sides
}

/** True while place n of every list is the same item: then a change there is a change of that item. */
function isInStep(base: readonly unknown[], ...others: (readonly unknown[])[]): boolean {
  return others.every(
    (other) =>
      other.length === base.length &&
      base.every((item, index) => isEqual(identityOf(item), identityOf(other[index]))),
  )
}

/** Of plain values nothing but the value itself; of records the fields that say which one it is. */
function identityOf(item: unknown): unknown {
  if (!isFields(item)) return item
  return Object.fromEntries(IDENTITY.flatMap((name) => (name in item ? [[name, item[name]]] : [])))
}

function own(record: Fields, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
