import 'server-only'

/** Time as the server's lives need it; tests bring their own. */
export interface Clock {
  /** epoch milliseconds */
  now(): number
  /** runs `task` once after `ms`; the answer cancels it */
  after(ms: number, task: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms)
    // a waiting refresh must not keep a process alive that is asked to end
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** `task`'s answer, or undefined when it takes longer than `ms`; the task goes on. */
export function within<T>(clock: Clock, ms: number, task: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(undefined))
    task.then(resolve, reject).finally(cancel)
  })
}
