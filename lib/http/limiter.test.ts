import { describe, expect, it } from 'vitest'
import { createLimiter } from './limiter'

describe('createLimiter', () => {
  it('wakes waiters in order and passes the place on', async () => {
    const limiter = createLimiter(1)
    const order: string[] = []
    const first = await limiter.enter()
    const second = limiter.enter().then((leave) => (order.push('second'), leave))
    const third = limiter.enter().then((leave) => (order.push('third'), leave))
    expect(limiter).toMatchObject({ running: 1, waiting: 2 })
    first()
    first() // a second return of the same place must not free another
    const leaveSecond = await second
    expect(order).toEqual(['second'])
    leaveSecond()
    ;(await third)()
    expect(order).toEqual(['second', 'third'])
    expect(limiter).toMatchObject({ running: 0, waiting: 0 })
  })

  it('lets those that go before take every other place, and nobody wait for ever', async () => {
    const limiter = createLimiter(1)
    const order: string[] = []
    const leave = await limiter.enter()
    const enter = (name: string, goesBefore: boolean) =>
      limiter.enter(undefined, goesBefore).then((done) => {
        order.push(name)
        done()
      })
    const waiting = [
      ...['a', 'b', 'c'].map((name) => enter(name, false)),
      ...['1', '2', '3', '4'].map((name) => enter(name, true)),
    ]
    expect(limiter.waiting).toBe(7)
    leave()
    await Promise.all(waiting)
    expect(order).toEqual(['1', 'a', '2', 'b', '3', 'c', '4'])
    expect(limiter).toMatchObject({ running: 0, waiting: 0 })
  })

  it('lets many questions of one request wait, without a warning of listeners', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    const limiter = createLimiter(1)
    const caller = new AbortController()
    const leave = await limiter.enter()
    const waiting = Array.from({ length: 40 }, () => limiter.enter(caller.signal))
    caller.abort(new Error('gone'))
    await Promise.allSettled(waiting)
    leave()
    // warnings are told in a turn of their own
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
    expect(limiter).toMatchObject({ running: 0, waiting: 0 })
  })

  it('lets a waiter leave without taking a place', async () => {
    const limiter = createLimiter(1)
    const leave = await limiter.enter()
    const caller = new AbortController()
    const waiting = limiter.enter(caller.signal)
    caller.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    leave()
    expect(limiter).toMatchObject({ running: 0, waiting: 0 })
    await expect(limiter.enter(caller.signal)).rejects.toThrow('gone')
  })

  it('refuses a limit that lets nothing through', () => {
    expect(() => createLimiter(0)).toThrow(RangeError)
  })
})
