import { createHash } from 'node:crypto'

/** Letters Kubernetes uses in generated names: no vowels, nothing that reads as another. */
const SAFE_LETTERS = 'bcdfghjklmnpqrstvwxz2456789'

/** A name suffix fixed by its seed, in the letters of generated Kubernetes names. */
export function stableSuffix(seed: string, length: number): string {
  const digest = createHash('sha1').update(seed).digest()
  let suffix = ''
  for (let index = 0; index < length; index += 1) {
    suffix += SAFE_LETTERS[(digest[index] ?? 0) % SAFE_LETTERS.length]
  }
  return suffix
}

/** A UUID fixed by its seed. */
export function stableUid(seed: string): string {
  const hex = createHash('sha1').update(seed).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** A whole number fixed by its seed, 0 ≤ n < 2³². */
export function stableNumber(seed: string): number {
  return createHash('sha1').update(seed).digest().readUInt32BE(0)
}
