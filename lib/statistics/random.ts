/**
 * Randomness by seed, for simulation and resampling: small, fast and the same on every machine for one seed.
 * Streams are forked by name, so that a part which draws more does not move what the others see.
 */
export interface Random {
  /** 0 ≤ x < 1 */
  next(): number
  /** whole number, both ends included */
  int(min: number, max: number): number
  /** true with this probability */
  chance(probability: number): boolean
  /** one item; throws on an empty list */
  pick<T>(items: readonly T[]): T
  /** index drawn in proportion to the weights; throws when none is above 0 */
  pickIndex(weights: readonly number[]): number
  /** a new list in random order */
  shuffle<T>(items: readonly T[]): T[]
  normal(mean: number, deviation: number): number
  /** lognormal by its median and its P99, as latencies are described in the world */
  lognormal(median: number, p99: number): number
  exponential(mean: number): number
  /** number of events when `mean` are expected */
  poisson(mean: number): number
  /** successes in `trials` tries */
  binomial(trials: number, probability: number): number
  /** `trials` dealt out in proportion to the weights; counts add up to `trials` (all 0 when every weight is 0) */
  multinomial(trials: number, weights: readonly number[]): number[]
  /** lower-case hex digits */
  hex(digits: number): string
  /** a version 4 UUID */
  uuid(): string
  /** an independent stream, fixed by this stream's seed and the name, not by what was drawn so far */
  fork(name: string): Random
}

/** Standard normal quantile of 0.99. */
export const Z99 = 2.3263478740408408

/** Spread of the lognormal that has this median and this P99. */
export function lognormalSigma(median: number, p99: number): number {
  return median > 0 && p99 > median ? Math.log(p99 / median) / Z99 : 0
}

/** The stream of random numbers of a seed. Algorithm: sfc32, seeded through splitmix32 (both public domain). */
export function createRandom(seed: number): Random {
  let mix = seed | 0
  const splitmix = () => {
    mix = (mix + 0x9e3779b9) | 0
    let x = mix ^ (mix >>> 16)
    x = Math.imul(x, 0x21f0aaad)
    x ^= x >>> 15
    x = Math.imul(x, 0x735a2d97)
    return x ^ (x >>> 15)
  }
  let a = splitmix()
  let b = splitmix()
  let c = splitmix()
  let counter = 1
  // second half of a pair of normals, kept for the next call
  let spare: number | null = null

  const bits = () => {
    const out = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + out
    c |= 0
    return out >>> 0
  }
  for (let i = 0; i < 12; i++) bits()

  const next = () => bits() / 4294967296

  const standardNormal = () => {
    if (spare !== null) {
      const kept = spare
      spare = null
      return kept
    }
    // 1 - x keeps the logarithm finite
    const radius = Math.sqrt(-2 * Math.log(1 - next()))
    const angle = 2 * Math.PI * next()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  const binomial = (trials: number, probability: number): number => {
    const n = Math.max(0, Math.floor(trials))
    if (n === 0 || !(probability > 0)) return 0
    if (probability >= 1) return n
    if (probability > 0.5) return n - binomial(n, 1 - probability)
    if (n * probability > 30) {
      const drawn = Math.round(
        n * probability + standardNormal() * Math.sqrt(n * probability * (1 - probability)),
      )
      return Math.min(n, Math.max(0, drawn))
    }
    // jump from success to success: as many steps as successes, whatever the number of trials
    const logMiss = Math.log1p(-probability)
    let successes = 0
    let at = 0
    for (;;) {
      at += Math.floor(Math.log(1 - next()) / logMiss) + 1
      if (at > n) return successes
      successes++
    }
  }

  const random: Random = {
    next,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (probability) => next() < probability,
    pick(items) {
      if (items.length === 0) throw new RangeError('nothing to pick from')
      // the draw is below 1, so the index is one of the list's
      return items[Math.floor(next() * items.length)] as (typeof items)[number]
    },
    pickIndex(weights) {
      let total = 0
      for (const weight of weights) total += Math.max(0, weight)
      if (!(total > 0)) throw new RangeError('no weight above 0')
      let left = next() * total
      let last = 0
      for (const [index, weight] of weights.entries()) {
        if (weight <= 0) continue
        last = index
        left -= weight
        if (left < 0) return index
      }
      return last
    },
    shuffle(items) {
      const out = [...items]
      for (let i = out.length - 1; i > 0; i--) {
        const j = Math.floor(next() * (i + 1))
        // both indexes are within the list
        const held = out[i] as (typeof out)[number]
        out[i] = out[j] as (typeof out)[number]
        out[j] = held
      }
      return out
    },
    normal: (mean, deviation) => mean + deviation * standardNormal(),
    lognormal: (median, p99) => median * Math.exp(lognormalSigma(median, p99) * standardNormal()),
    exponential: (mean) => -mean * Math.log(1 - next()),
    poisson(mean) {
      if (!(mean > 0)) return 0
      if (mean > 30) return Math.max(0, Math.round(mean + standardNormal() * Math.sqrt(mean)))
      const limit = Math.exp(-mean)
      let events = 0
      for (let product = next(); product > limit; product *= next()) events++
      return events
    },
    binomial,
    multinomial(trials, weights) {
      let weightLeft = 0
      for (const weight of weights) weightLeft += Math.max(0, weight)
      let left = weightLeft > 0 ? Math.max(0, Math.floor(trials)) : 0
      // what rounding leaves over goes to the last entry that has a weight
      let last = -1
      const counts = weights.map((weight, index) => {
        if (weight <= 0) return 0
        last = index
        const drawn = weight >= weightLeft ? left : binomial(left, weight / weightLeft)
        left -= drawn
        weightLeft -= weight
        return drawn
      })
      if (left > 0 && last >= 0) counts[last] = (counts[last] ?? 0) + left
      return counts
    },
    hex(digits) {
      let out = ''
      while (out.length < digits) out += bits().toString(16).padStart(8, '0')
      return out.slice(0, digits)
    },
    uuid() {
      const digits = random.hex(32)
      const variant = '89ab'[bits() & 3] ?? '8'
      return [
        digits.slice(0, 8),
        digits.slice(8, 12),
        `4${digits.slice(13, 16)}`,
        `${variant}${digits.slice(17, 20)}`,
        digits.slice(20),
      ].join('-')
    },
    fork: (name) => createRandom(hashText(`${seed}/${name}`)),
  }
  return random
}

/** A 32-bit number of a text, for seeds. Algorithm: FNV-1a. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
