/** How what two rules match relates. */
import { asFields, asTexts, isFields, type Fields } from '../read'

/** Fields of a match of a virtual service that are no condition beside the path. */
const BESIDE_PATH = ['name', 'uri', 'ignoreUriCase']

/** Every condition beside the path stands in the same words in the other match of a virtual service. */
export function asksNoMore(wide: Fields, match: Fields): boolean {
  return Object.entries(wide).every(([key, condition]) => {
    if (BESIDE_PATH.includes(key)) return true
    if (key === 'gateways') return asTexts(condition).length === 0 || sameText(condition, match[key])
    return isFields(condition)
      ? Object.entries(condition).every(([name, value]) => sameText(value, asFields(match[key])[name]))
      : sameText(condition, match[key])
  })
}

/** JSON with keys in order: two values that say the same give one text. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) =>
      isFields(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
    ) ?? ''
  )
}

function sameText(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b)
}
