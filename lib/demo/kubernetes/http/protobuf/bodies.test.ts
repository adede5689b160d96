import { describe, expect, it } from 'vitest'
import { ApiError } from '../api-error'
import { decodeProtobuf } from './bodies'

/** A length-delimited field. */
function field(number: number, body: string | Buffer): Buffer {
  const bytes = Buffer.from(body)
  if (bytes.length > 127 || number > 15) throw new Error('too long for one byte')
  return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes])
}

function message(...parts: Buffer[]): Buffer {
  return Buffer.concat(parts)
}

function envelope(apiVersion: string, kind: string, raw: Buffer): Buffer {
  const type = message(field(1, apiVersion), field(2, kind))
  return message(Buffer.from('k8s\0'), field(1, type), field(2, raw))
}

const whole = (number: number, value: number) => Buffer.from([number * 8, value])

describe('decodeProtobuf', () => {
  it('reads texts, maps, numbers and lists, and drops what stands for nothing', () => {
    const metadata = message(
      field(1, 'web'),
      field(2, ''),
      field(11, message(field(1, 'app'), field(2, 'web'))),
    )
    const port = message(field(4, 'TCP'), whole(2, 0), whole(3, 80))
    const container = message(field(1, 'web'), field(3, 'sh'), field(3, '-c'), field(6, port), field(5, ''))
    const template = field(2, field(2, container))
    const spec = message(whole(1, 0), field(3, template), field(4, field(1, '')), whole(7, 1))
    expect(
      decodeProtobuf(
        envelope('apps/v1', 'Deployment', message(field(1, metadata), field(2, spec), field(3, whole(1, 0)))),
      ),
    ).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels: { app: 'web' } },
      spec: {
        replicas: 0,
        paused: true,
        template: {
          spec: {
            containers: [
              { name: 'web', command: ['sh', '-c'], ports: [{ protocol: 'TCP', containerPort: 80 }] },
            ],
          },
        },
      },
    })
  })

  it('writes bytes as base64 and a named port as text', () => {
    const data = message(field(1, 'key'), field(2, Buffer.from([1, 2, 3])))
    expect(decodeProtobuf(envelope('v1', 'Secret', field(2, data)))).toMatchObject({ data: { key: 'AQID' } })
    const target = message(whole(1, 1), whole(2, 0), field(3, 'http'))
    const ports = field(1, message(whole(3, 80), field(4, target)))
    expect(decodeProtobuf(envelope('v1', 'Service', field(2, ports)))).toMatchObject({
      spec: { ports: [{ port: 80, targetPort: 'http' }] },
    })
  })

  it.each([
    ['what is not protobuf', Buffer.from('{}'), 400],
    ['a body cut short', envelope('v1', 'Namespace', Buffer.from([10, 40, 1])), 400],
    ['a number without end', envelope('v1', 'Namespace', Buffer.alloc(12, 255)), 400],
    ['a kind it does not know', envelope('policy/v1', 'PodDisruptionBudget', Buffer.alloc(0)), 415],
    ['a field it would drop', envelope('v1', 'ConfigMap', field(9, 'x')), 415],
  ])('refuses %s', (_name, body, code) => {
    try {
      decodeProtobuf(body)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(ApiError)
      expect((error as ApiError).code).toBe(code)
    }
  })
})
