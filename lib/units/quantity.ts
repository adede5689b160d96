/** Kubernetes' quantities: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */

const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** `100m` is 0.1, `128Mi` is 134,217,728; null for what is no quantity. */
export function parseQuantity(text: string | undefined): number | null {
  const found = /^\+?(\d+(?:\.\d*)?|\.\d+)(?:([eE][+-]?\d+)|([a-zA-Z]*))$/.exec((text ?? '').trim())
  if (!found) return null
  const [, digits = '', exponent = '', suffix = ''] = found
  const factor = FACTORS[suffix]
  return factor === undefined ? null : Number(`${digits}${exponent}`) * factor
}
