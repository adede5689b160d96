/**
 * Asks again and again until `probe` answers something else than undefined, at most `withinMs` long: for conditions
 * of other processes, which send no word when they hold. Throws naming what was waited for and the last failure.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  { withinMs = 20_000, everyMs = 10 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + withinMs
  let failure: unknown
  for (;;) {
    try {
      const answer = await probe()
      if (answer !== undefined) return answer
      failure = undefined
    } catch (error) {
      failure = error
    }
    if (performance.now() > deadline) {
      throw new Error(`${what}: not within ${withinMs} ms`, { cause: failure })
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
