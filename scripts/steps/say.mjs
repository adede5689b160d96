// How the commands speak: one line a step, with its time; one sentence and exit code 1 when they must stop.

/** Raised with a sentence for the person at the terminal; nothing else is printed for it. */
export class Stop extends Error {}

/** Runs `main` and turns a `Stop` into its sentence and exit code 1. */
export async function runMain(main) {
  try {
    await main()
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    console.error(`heddle: ${error.message}`)
    process.exit(1)
  }
}

/** Prints the step's name, runs it, prints how long it took. */
export async function step(title, work) {
  const begun = performance.now()
  process.stdout.write(`▸ ${title}…\n`)
  const result = await work()
  process.stdout.write(`  ${title}: done in ${seconds(performance.now() - begun)}\n`)
  return result
}

export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`
}
