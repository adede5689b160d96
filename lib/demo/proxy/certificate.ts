/** Certificates as istiod's authority issues them, written in DER: what node has no maker for. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

const OIDS = {
  ecdsaSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  organization: [0x55, 0x04, 0x0a],
  subjectAltName: [0x55, 0x1d, 0x11],
}

/** how long a workload's certificate is valid */
const WORKLOAD_MS = 86_400_000

/** Which of its certificates a proxy that began at an instant has now, and its time: renewed at half of it, as the agent does. */
export function workloadCertificate(startedMs: number, nowMs: number) {
  const nth = Math.max(0, Math.floor((nowMs - startedMs) / (WORKLOAD_MS / 2)))
  const fromMs = startedMs + nth * (WORKLOAD_MS / 2)
  return { nth, fromMs, untilMs: fromMs + WORKLOAD_MS }
}

let pair: { publicKey: KeyObject; privateKey: KeyObject } | undefined

/** PEM of a certificate with a SPIFFE identity (null: the authority's own), valid in a time of epoch milliseconds. */
export function certificatePem(subject: {
  spiffeId: string | null
  serial: number
  fromMs: number
  untilMs: number
}): string {
  pair ??= generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence([der(0x06, OIDS.ecdsaSha256)])
  const authority = nameOf('cluster.local')
  const body = sequence([
    der(0xa0, integer(2)),
    integer(subject.serial),
    algorithm,
    authority,
    sequence([timeOf(subject.fromMs), timeOf(subject.untilMs)]),
    subject.spiffeId === null ? authority : sequence([]),
    [...pair.publicKey.export({ type: 'spki', format: 'der' })],
    ...(subject.spiffeId === null
      ? []
      : [
          der(
            0xa3,
            sequence([
              sequence([
                der(0x06, OIDS.subjectAltName),
                der(0x04, sequence([der(0x86, bytesOf(subject.spiffeId))])),
              ]),
            ]),
          ),
        ]),
  ])
  const signature = sign('sha256', Buffer.from(body), pair.privateKey)
  const whole = sequence([body, algorithm, der(0x03, [0, ...signature])])
  const lines =
    Buffer.from(whole)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function der(tag: number, content: readonly number[]): number[] {
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return [tag, ...length, ...content]
}

function sequence(parts: readonly (readonly number[])[]): number[] {
  return der(0x30, parts.flat())
}

function integer(value: number): number[] {
  const bytes: number[] = []
  for (let rest = Math.floor(value); rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  if (bytes.length === 0) bytes.push(0)
  return der(0x02, (bytes[0] ?? 0) > 127 ? [0, ...bytes] : bytes)
}

function nameOf(organization: string): number[] {
  return sequence([der(0x31, sequence([der(0x06, OIDS.organization), der(0x0c, bytesOf(organization))]))])
}

/** GeneralizedTime to the second. */
function timeOf(atMs: number): number[] {
  return der(0x18, bytesOf(`${new Date(atMs).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`))
}

function bytesOf(text: string): number[] {
  return [...new TextEncoder().encode(text)]
}
