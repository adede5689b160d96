/** Kinds of configuration that istiod sends, in words. */
const NAMES: Readonly<Record<string, string>> = {
  CDS: 'clusters',
  LDS: 'listeners',
  RDS: 'routes',
  EDS: 'endpoints',
  ECDS: 'extensions',
}
const AND = new Intl.ListFormat('en', { type: 'conjunction' })

/** `CDS`, `LDS` as `clusters and listeners`. */
export function syncKindWords(shorts: readonly string[]): string {
  return AND.format(shorts.map((short) => NAMES[short] ?? short))
}
