/** The value a test relies on; fails the test where it is missing. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('a value the test relies on is missing')
  return value
}
