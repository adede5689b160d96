import type { ForceAnswer, ForceRequest } from './force'
import { forcePlacement } from './force'

self.onmessage = (event: MessageEvent<ForceRequest>) => {
  const { id, items, links } = event.data
  const answer: ForceAnswer = { id, placement: [...forcePlacement(items, links)] }
  self.postMessage(answer)
}
