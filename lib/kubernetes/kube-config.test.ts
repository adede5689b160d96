import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { KubeConfigError, loadKubeConfig } from './kube-config'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kube-config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const text = (rest: { server?: string; current?: string; context?: string } = {}) => `
apiVersion: v1
kind: Config
clusters:
- name: c
  cluster: { server: "${rest.server ?? 'https://api.example:6443'}" }
users:
- name: u
  user: { token: secret }
contexts:
- name: ${rest.context ?? 'x'}
  context: { cluster: c, user: u }
current-context: ${rest.current ?? 'x'}
`

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const messageOf = (source: string): string => {
  try {
    loadKubeConfig(source)
  } catch (error) {
    if (error instanceof KubeConfigError) return error.message
    throw error
  }
  return ''
}

describe('loadKubeConfig', () => {
  it('reads a file, a text and JSON', () => {
    expect(loadKubeConfig(file('good', text())).server).toBe('https://api.example:6443')
    expect(loadKubeConfig(text()).config.getCurrentUser()?.token).toBe('secret')
    const json = JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://json.example' } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    })
    expect(loadKubeConfig(json).server).toBe('https://json.example')
  })

  it('joins several files, the first deciding the context', () => {
    const second = text({ context: 'y', current: 'y' })
      .replace('name: c\n', 'name: c2\n')
      .replace('name: u\n', 'name: u2\n')
    const paths = [file('one', text()), file('two', second)].join(':')
    expect(loadKubeConfig(paths).config.getCurrentContext()).toBe('x')
  })

  it('joins files as kubectl does: the first that names a thing decides', () => {
    const without = file('without', text().replace(/current-context.*\n/, ''))
    const again = file('again', text({ current: 'y', context: 'y' }).replace('secret', 'other'))
    const { config } = loadKubeConfig(`${without}:${again}`)
    expect(config.getCurrentContext()).toBe('y')
    expect(config.getCurrentUser()?.token).toBe('secret')
  })

  it('keeps the certificates of the cluster where the context has no user', async () => {
    const { config } = loadKubeConfig(
      text()
        .replace('" }', '", insecure-skip-tls-verify: true, certificate-authority-data: QUJD }')
        .replace(', user: u }', ' }'),
    )
    const options: Parameters<typeof config.applyToHTTPSOptions>[0] = {}
    await config.applyToHTTPSOptions(options)
    expect(options).toMatchObject({ rejectUnauthorized: false, ca: Buffer.from('ABC') })
  })

  it('accepts plain http, as kubectl does', async () => {
    const { config } = loadKubeConfig(text({ server: 'http://127.0.0.1:8001' }))
    await expect(config.applyToHTTPSOptions({})).resolves.toBeUndefined()
  })

  it('says what is wrong with the file', () => {
    const missing = join(folder, 'missing')
    // who asked for it adds an example: at the start that is the variable's
    expect(messageOf(missing)).toBe(`kubeconfig ${missing} does not exist`)
    expect(messageOf(folder)).toContain('is a folder')
    expect(messageOf('')).toContain('path is empty')
    expect(messageOf(file('broken', 'clusters: [\n  a: b\n'))).toMatch(/is not valid YAML \(line \d\)/)
    expect(messageOf(file('other', 'just: yaml\n'))).toContain('is no kubeconfig: it has no "clusters"')
    expect(messageOf(file('empty', ''))).toContain('is no kubeconfig')
  })

  it('says what is wrong with the contexts', () => {
    expect(messageOf(text({ current: 'gone' }))).toBe(
      'the kubeconfig names the current context "gone", which it does not hold; it holds: x',
    )
    expect(messageOf(text().replace(/current-context.*\n/, ''))).toContain(
      'has no current context; it holds: x',
    )
    expect(messageOf(text().replace('cluster: c,', 'cluster: other,'))).toContain('names the cluster "other"')
    expect(messageOf(text().replace('user: u }', 'user: gone }'))).toContain('names the user "gone"')
    expect(messageOf(text({ server: 'api.example' }))).toContain('is not an http or https address')
  })

  it('says what is wrong with whom a user acts as, rather than act as somebody with more rights', () => {
    const saidOf = (user: string) => messageOf(text().replace('{ token: secret }', user))
    const broken = (said: string) => `the kubeconfig cannot be used for its user "u": ${said}`
    const acting = (more: string) => saidOf(`{ as: jane, ${more} }`)
    expect(saidOf('{ as: 5 }')).toBe(broken('its "as" must be a string'))
    expect(saidOf('{ as: [jane] }')).toBe(broken('its "as" must be a string'))
    expect(acting('as-uid: 7')).toBe(broken('its "as-uid" must be a string'))
    expect(acting('as-groups: dev')).toBe(broken('its "as-groups" must be a list of strings'))
    expect(acting('as-groups: [1]')).toBe(broken('its "as-groups" must be a list of strings'))
    const extra = broken('its "as-user-extra" must be a mapping to lists of strings')
    expect(acting('as-user-extra: [scope]')).toBe(extra)
    expect(acting('as-user-extra: { scope: view }')).toBe(extra)
    const alone = (part: string) => broken(`it has "${part}" but no "as", the user it belongs to`)
    expect(saidOf('{ as-groups: [dev] }')).toBe(alone('as-groups'))
    expect(saidOf('{ as: "", as-uid: "7" }')).toBe(alone('as-uid'))
    expect(saidOf('{ as-user-extra: { scope: [view] } }')).toBe(alone('as-user-extra'))
    const carried = (part: string) =>
      broken(`its "${part}" holds a character that no header can carry, such as a line break`)
    expect(saidOf(String.raw`{ as: "ja\nne" }`)).toBe(carried('as'))
    expect(acting(String.raw`as-groups: ["dev\r\nx-other: 1"]`)).toBe(carried('as-groups'))
    expect(saidOf('token')).toBe(broken('it must be a mapping'))
    // what says nobody, as kubectl has it
    for (const none of ['{ as: "", as-groups: [] }', '{ as: null, as-user-extra: {} }', 'null']) {
      expect(loadKubeConfig(text().replace('{ token: secret }', none)).acting).toEqual({})
    }
  })

  it('reads whom a user acts as beside users it does not need, and takes no other user for it', () => {
    const users = (more: string) => text().replace('{ token: secret }', `{ as: jane }\n${more}`)
    const jane = { 'impersonate-user': 'jane' }
    expect(loadKubeConfig(users('- name: v')).acting).toEqual(jane)
    expect(loadKubeConfig(users('- { name: v, user: { as-groups: [dev] } }')).acting).toEqual(jane)
    expect(messageOf(users('- { name: u, user: { token: other } }'))).toBe(
      'the kubeconfig holds two users of the name "u"',
    )
    expect(messageOf(users('- { name: 5, user: {} }'))).toBe(
      'the kubeconfig: the names of its users must be strings',
    )
    expect(messageOf(users('- { name: v, user: { as: 5 } }'))).toContain('user "v": its "as" must be')
    const second = file('second', text({ context: 'y' }).replace('{ token: secret }', '{ as: admin }'))
    expect(loadKubeConfig(`${file('first', users(''))}:${second}`).acting).toEqual(jane)
  })

  it('never shows credentials in a message', () => {
    expect(messageOf(text({ current: 'gone' }))).not.toContain('secret')
  })

  it('says when it is not inside a cluster', () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', undefined)
    expect(messageOf('in-cluster')).toContain('not inside a cluster')
    vi.unstubAllEnvs()
  })
})
