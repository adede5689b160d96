import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createKubernetesClient } from '../client'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A client with a kubeconfig's user, and whom the API server is asked as. */
async function serve(user: Record<string, unknown>) {
  const asked: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    asked.push(request.headers)
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  const kubeconfig = JSON.stringify({
    clusters: [
      { name: 'c', cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } },
    ],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  })
  const who = () => {
    const said = Object.entries(asked.at(-1) ?? {}).filter(([name]) =>
      /^(authorization|impersonate-)/.test(name),
    )
    return Object.fromEntries(said)
  }
  return { client: createKubernetesClient({ kubeconfig }), who }
}

it('acts as the kubeconfig says: user, groups, uid and more', async () => {
  const { client, who } = await serve({
    token: 't',
    as: 'reader',
    'as-uid': '7',
    'as-groups': ['dev', 'ops'],
    'as-user-extra': { 'acme.com/Scope': ['a', 'b'] },
  })
  await client.read('/version')
  expect(who()).toEqual({
    authorization: 'Bearer t',
    'impersonate-user': 'reader',
    'impersonate-uid': '7',
    'impersonate-group': 'dev, ops',
    'impersonate-extra-acme.com%2fscope': 'a, b',
  })
})

it('acts as the user of a session alone, whomever the kubeconfig acts as', async () => {
  const { client, who } = await serve({ token: 't', as: 'admin', 'as-groups': ['system:masters'] })
  await client.as({ user: 'jane', groups: ['dev'] }).read('/version')
  expect(who()).toEqual({
    authorization: 'Bearer t',
    'impersonate-user': 'jane',
    'impersonate-group': 'dev',
  })
  await client.as({ user: 'jane', groups: [] }).write('/x', { method: 'POST', body: {} })
  expect(who()).toEqual({ authorization: 'Bearer t', 'impersonate-user': 'jane' })
  await client.as({ token: 'hers' }).read('/version')
  expect(who()).toEqual({ authorization: 'Bearer hers' })
})

it('sends names of any letters as kubectl does, in UTF-8', async () => {
  const { client, who } = await serve({
    as: 'żółw',
    'as-groups': ['é'],
    'as-user-extra': { 'Scope (é)': ['ł'], empty: null },
  })
  await client.read('/version')
  const bytes = (text: string) => Buffer.from(text).toString('latin1')
  expect(who()).toEqual({
    'impersonate-user': bytes('żółw'),
    'impersonate-group': bytes('é'),
    'impersonate-extra-scope%20%28%c3%a9%29': bytes('ł'),
  })
})
