/** Reads server-sent events of a response, one at a time. */
export interface SentEvent {
  id: string | null
  name: string
  data: unknown
}

export interface EventReader {
  /** the next event; comments and reconnect hints are passed over */
  next(): Promise<SentEvent>
  cancel(): Promise<void>
}

export function readEvents(response: Response): EventReader {
  if (!response.body) throw new Error('the response has no body')
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  return {
    async next() {
      for (;;) {
        const end = rest.indexOf('\n\n')
        if (end === -1) {
          const { done, value } = await reader.read()
          if (done) throw new Error('the stream ended')
          rest += value
          continue
        }
        const block = rest.slice(0, end)
        rest = rest.slice(end + 2)
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null
        const data = field('data')
        if (data !== null) {
          return { id: field('id'), name: field('event') ?? 'message', data: JSON.parse(data) as unknown }
        }
      }
    },
    cancel: () => reader.cancel(),
  }
}
