import { describe, expect, it } from 'vitest'
import { LabelRoom } from './label-room'

const at = (x: number, y: number, width = 60, height = 16) => ({ x, y, width, height })

describe('LabelRoom', () => {
  it('gives a place once', () => {
    const room = new LabelRoom()
    expect(room.claim(at(0, 0))).toBe(true)
    expect(room.claim(at(59, 15))).toBe(false)
    expect(room.claim(at(60, 0))).toBe(true)
    expect(room.claim(at(0, 16))).toBe(true)
  })

  it('sees overlaps across its cells, also at negative places', () => {
    const room = new LabelRoom()
    room.occupy(at(-300, -200, 600, 400))
    expect(room.isFree(at(-20, 0))).toBe(false)
    expect(room.isFree(at(290, 190))).toBe(false)
    expect(room.isFree(at(301, 0))).toBe(true)
  })

  it('never lets two of many labels overlap', () => {
    const room = new LabelRoom()
    const taken = Array.from({ length: 400 }, (_, i) => at((i * 37) % 500, (i * 61) % 300)).filter((rect) =>
      room.claim(rect),
    )
    for (const [i, a] of taken.entries()) {
      for (const b of taken.slice(i + 1)) {
        expect(Math.abs(a.x - b.x) >= 60 || Math.abs(a.y - b.y) >= 16).toBe(true)
      }
    }
    expect(taken.length).toBeGreaterThan(50)
  })
})
