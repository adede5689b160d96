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

/** The hash of a pod template in ReplicaSet names: a 32-bit number, its ten digits written as ten letters. */
export function stableTemplateHash(seed: string): string {
  const digits = String(stableNumber(seed)).padStart(10, '1')
  return digits.replace(/\d/g, (digit) => '456789bcdf'[Number(digit)] ?? '')
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
