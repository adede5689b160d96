import { describe, expect, it } from 'vitest'
import { DEFAULT_WINDOW_SECONDS, parseObjectives } from './objective'

const MONTH = DEFAULT_WINDOW_SECONDS
const availability = (target: number, windowSeconds = MONTH) => ({
  kind: 'availability',
  target,
  thresholdMs: null,
  windowSeconds,
})
const latency = (target: number, thresholdMs: number, windowSeconds = MONTH) => ({
  kind: 'latency',
  target,
  thresholdMs,
  windowSeconds,
})
const read = (rest: Record<string, string>) =>
  parseObjectives(
    Object.fromEntries(Object.entries(rest).map(([name, text]) => [`heddle.io/slo-${name}`, text])),
  )

describe('annotations with objectives', () => {
  it.each([
    [{ availability: '99.9' }, [availability(0.999)]],
    [{ availability: ' 99.95 % ' }, [availability(0.9995)]],
    [{ latency: '99% < 500ms' }, [latency(0.99, 500)]],
    [{ latency: '99.9 <= 1.5s , 50%<100ms' }, [latency(0.999, 1500), latency(0.5, 100)]],
    [{ availability: '99', window: '7d' }, [availability(0.99, 7 * 86_400)]],
    [
      { availability: '99', latency: '90%<1s', window: '1d' },
      [availability(0.99, 86_400), latency(0.9, 1000, 86_400)],
    ],
    [{}, []],
  ])('%j are read', (annotations, objectives) => {
    expect(read(annotations as Record<string, string>)).toEqual({ objectives, problems: [] })
  })

  it.each([
    [{ availability: '100' }, 'such as 99.9', 0],
    [{ availability: 'three nines' }, 'such as 99.9', 0],
    [{ availability: '0' }, 'such as 99.9', 0],
    [{ latency: '99 percent below 500ms' }, '99% < 500ms', 0],
    [{ latency: '99% < 500' }, '99% < 500ms', 0],
    [{ latency: '99% < 500ms, nonsense' }, '99% < 500ms', 1],
    [{ latency: '1%<1s,2%<1s,3%<1s,4%<1s' }, 'at most 3', 3],
    [{ availability: '99', window: 'a month' }, '30 days are used', 1],
    [{ availability: '99', window: '5m' }, 'from 1h to 90d', 1],
    [{ window: '30d' }, 'promises nothing', 0],
  ])('%j are explained', (annotations, words, objectives) => {
    const answer = read(annotations as Record<string, string>)
    expect(answer.problems.map(({ message }) => message).join()).toContain(words)
    expect(answer.objectives).toHaveLength(objectives)
  })
})
