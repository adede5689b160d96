import { describe, expect, it } from 'vitest'
import { countSlow, durationScale, heatCell, medianOf, placeOn, scatterPoints } from './scatter'

const summary = {
  id: 't',
  startMs: 5,
  durationMs: 100,
  rootService: 'page',
  rootOperation: 'GET',
  spans: 3,
  services: [],
  hasError: true,
  node: null,
  url: null,
}

describe('scatter', () => {
  it('shows the time in the asked node, and of the whole trace where none was', () => {
    expect(scatterPoints([summary])[0]).toMatchObject({ durationMs: 100, hasError: true })
    const node = { spans: 1, durationMs: 7, hasError: false, services: [] }
    expect(scatterPoints([{ ...summary, node }])[0]).toMatchObject({ durationMs: 7, hasError: false })
  })

  it('takes whole powers of ten', () => {
    expect(durationScale([3, 250])).toEqual({ low: 1, high: 1_000, marks: [1, 10, 100, 1_000] })
    expect(durationScale([40, 60])).toEqual({ low: 10, high: 100, marks: [10, 100] })
    expect(durationScale([])).toMatchObject({ low: 1, high: 10 })
  })

  it('places values on it', () => {
    const scale = { low: 1, high: 100 }
    expect([0, 1, 10, 100, 1_000].map((value) => placeOn(scale, value))).toEqual([0, 0, 0.5, 1, 1])
  })

  it('takes the middle as usual, and counts what is slower than usual', () => {
    expect(medianOf([5, null, 900, 6])).toBe(6)
    expect(medianOf([null])).toBeNull()
    expect(countSlow(scatterPoints([summary]), 50)).toBe(1)
    expect(countSlow(scatterPoints([summary]), null)).toBeNull()
  })

  it('places fields of a heat map on its scales, cut at the edges of the plot', () => {
    const heatmap = {
      fromMs: 0,
      boundsMs: [10, 100, null],
      columns: [0, 60, 120, 180].map((at): [number, number[]] => [at, [1, 1, 1]]),
    }
    const scale = { low: 1, high: 1_000 }
    const frame = {
      from: 30,
      to: 130,
      left: 0,
      across: 100,
      x: (at: number) => at - 30,
      y: (ms: number) => Math.round(300 * (1 - placeOn(scale, ms))),
      scale,
    }
    const cell = (column: number, row: number) => heatCell(heatmap, frame, column, row)
    expect(cell(1, 1)).toEqual({ left: 0, top: 100, width: 30, height: 100 })
    expect(cell(2, 0)).toMatchObject({ left: 30, width: 60, height: 100 })
    expect(cell(3, 2)).toMatchObject({ left: 90, width: 10, top: 0 })
    expect(cell(0, 1)).toBeNull()
    expect(cell(9, 1)).toBeNull()
  })
})
