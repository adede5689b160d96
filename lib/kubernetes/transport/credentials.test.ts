import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createKubernetesClient, type KubernetesClient } from '../client'

let folder = ''
const closers: (() => unknown)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'credentials-'))
  closers.push(() => rmSync(folder, { recursive: true }))
})
afterEach(async () => {
  vi.useRealTimers()
  for (const close of closers.splice(0).reverse()) await close()
})

/** An API server that accepts one token at a time, and a client whose kubeconfig lies in the folder. */
async function serve(user: unknown) {
  const accepted = { token: 'one' }
  const server = createServer((req, res) => {
    const isAccepted = req.headers.authorization === `Bearer ${accepted.token}`
    res.writeHead(isAccepted ? 200 : 401).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const kubeconfig = join(folder, 'kubeconfig')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: address } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  )
  return { client: createKubernetesClient({ kubeconfig }), accepted }
}

/** A credential plugin that notes each run, and what it was told, before it does what `body` says. */
function plugin(body: string) {
  writeFileSync(
    join(folder, 'plugin'),
    `#!/bin/sh\necho "$KUBERNETES_EXEC_INFO" >> "${folder}/runs"\n${body}\n`,
    { mode: 0o755 },
  )
}
const runs = () => readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n')
const answer = (status: unknown) => `echo '${JSON.stringify({ kind: 'ExecCredential', status })}'`
const exec = (rest: object = {}) => ({
  exec: { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin', ...rest },
})
const hour = () => new Date(Date.now() + 3_600_000).toISOString()

const said = async (client: KubernetesClient, timeoutMs = 5_000) => {
  try {
    return await client.read('/version', { timeoutMs })
  } catch (error) {
    return (error as Error).message
  }
}

describe('tokenFile of a kubeconfig', () => {
  it('is read from beside the kubeconfig, without its line break, and again when it was written anew', async () => {
    writeFileSync(join(folder, 'token'), 'one\n')
    const { client, accepted } = await serve({ tokenFile: 'token' })
    expect(await said(client)).toEqual({})
    accepted.token = 'two'
    expect(await said(client)).toContain('does not accept our credentials')
    writeFileSync(join(folder, 'token'), 'two\n')
    expect(await said(client)).toEqual({})
  })

  it('goes before a token beside it, and says which file is missing or empty', async () => {
    const { client } = await serve({ token: 'old', tokenFile: 'token' })
    expect(await said(client)).toContain(`the token file ${join(folder, 'token')} cannot be read (ENOENT)`)
    writeFileSync(join(folder, 'token'), '\n')
    expect(await said(client)).toContain('is empty')
    writeFileSync(join(folder, 'token'), 'one')
    expect(await said(client)).toEqual({})
  })
})

describe('credential plugin of a kubeconfig', () => {
  it('runs once for all who wait, and not again while what it gave holds', async () => {
    plugin(answer({ token: 'one' }))
    const { client } = await serve(exec())
    const many = await Promise.all(Array.from({ length: 20 }, () => said(client)))
    expect(many).toEqual(Array.from({ length: 20 }, () => ({})))
    expect(await said(client)).toEqual({})
    expect(runs().map((line) => JSON.parse(line) as unknown)).toEqual([
      { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', spec: { interactive: false } },
    ])
  })

  it('runs again when what it gave has expired or was refused, but not at once', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    plugin(answer({ token: 'one', expirationTimestamp: hour() }))
    const { client, accepted } = await serve(exec())
    await said(client)
    vi.setSystemTime(Date.now() + 3_600_001)
    plugin(answer({ token: 'one', expirationTimestamp: hour() }))
    expect(await said(client)).toEqual({})
    expect(runs()).toHaveLength(2)

    accepted.token = 'two'
    plugin(answer({ token: 'two', expirationTimestamp: hour() }))
    expect(await said(client)).toContain('does not accept our credentials')
    expect(await said(client)).toContain('does not accept our credentials')
    vi.setSystemTime(Date.now() + 10_000)
    expect(await said(client)).toContain('does not accept our credentials')
    expect(await said(client)).toEqual({})
    expect(runs()).toHaveLength(3)
  })

  it.each([
    ['an answer without status', `echo '{"kind":"Status"}'`, 'did not answer with an ExecCredential'],
    ['no JSON', 'echo hello', 'did not answer with an ExecCredential'],
    ['no credential', answer({}), 'answered with neither token nor certificate'],
    [
      'a failure',
      'echo "sign in\nfirst" >&2; exit 3',
      './plugin of the kubeconfig failed (3): sign in first',
    ],
  ])('says what is wrong after %s, and is well once the plugin is', async (_, body, sentence) => {
    plugin(body)
    const { client } = await serve(exec())
    expect(await said(client)).toContain(sentence)
    plugin(answer({ token: 'one' }))
    expect(await said(client)).toEqual({})
  })

  it('says that it is not installed, and what its kubeconfig advises', async () => {
    const { client } = await serve(exec({ command: 'no-such-plugin', installHint: 'install it\nfrom here' }))
    expect(await said(client)).toContain(
      'the credential plugin no-such-plugin of the kubeconfig is not installed here: install it from here',
    )
  })

  it('holds nobody up who gives up, though it never ends', async () => {
    plugin('exec sleep 3')
    const { client } = await serve(exec())
    expect(await said(client, 50)).toContain('did not answer within')
    const caller = new AbortController()
    const waiting = client.read('/version', { signal: caller.signal })
    caller.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
  })
})

it('names a certificate file that cannot be read', async () => {
  const { client } = await serve({ 'client-certificate': 'client.crt', 'client-key': 'client.key' })
  expect(await said(client)).toContain(`the file ${join(folder, 'client.crt')} cannot be read (ENOENT)`)
})
