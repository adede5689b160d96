import { expect, it } from 'vitest'
import { endWords } from './container-end'

it.each([
  ['OOMKilled', 137, 'ran out of memory (OOMKilled, exit code 137)'],
  ['exit code 1', 1, 'failed (exit code 1)'],
  ['Error', 137, 'was killed (SIGKILL, exit code 137)'],
  ['Error', 143, 'was asked to stop (SIGTERM, exit code 143)'],
  ['Completed', 0, 'ended by itself (exit code 0)'],
  ['ContainerCannotRun', 127, 'failed (ContainerCannotRun, exit code 127)'],
  [null, undefined, 'failed'],
])('says of %s with code %s that it %s', (reason, exitCode, words) => {
  expect(endWords({ reason, ...(exitCode === undefined ? {} : { exitCode }) })).toBe(words)
})
