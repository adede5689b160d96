/** npm run analyze as a pipeline runs it. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const ROUTE = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: ratings}
`
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: ratings, namespace: shop}
spec:
  ports: [{name: PORT, port: 80}]`

const folder = mkdtempSync(join(tmpdir(), 'heddle-analyze-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return name
}

function run(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'scripts/analyze/main.ts', ...args],
    { encoding: 'utf8', input, env: { ...process.env, HEDDLE_FROM: folder } },
  )
  return { status, stdout, stderr }
}

describe('npm run analyze', () => {
  const route = file('route.yaml', ROUTE)
  const service = file('service.yaml', SERVICE.replace('PORT', 'http'))

  it('answers 1 where something is wrong, with file and line', () => {
    const { status, stdout } = run([route])
    expect(stdout).toMatch(/^route\.yaml:8 {2}error {2}IST0101 {2}VirtualService shop\/reviews\n/)
    expect(status).toBe(1)
  })

  it('reads files together, each with lines of its own', () => {
    expect(run([route, service])).toMatchObject({ status: 0, stdout: 'No findings.\n' })
    const vague = file('vague.yaml', SERVICE.replace('PORT', 'web'))
    expect(run([route, vague]).stdout).toContain('vague.yaml:5  info  IST0118')
    expect(run([route, vague]).status).toBe(0)
    expect(run(['--fail-on', 'info', route, vague]).status).toBe(1)
  })

  it('reads standard input and answers JSON', () => {
    const { status, stdout } = run(['--json', '-'], ROUTE)
    const { findings } = JSON.parse(stdout) as { findings: unknown[] }
    expect(findings).toMatchObject([{ code: 'IST0101', file: 'standard input', line: 8 }])
    expect(status).toBe(1)
  })

  it.each([
    [['missing.yaml'], /^missing\.yaml cannot be read: ENOENT/],
    [[file('broken.yaml', 'a: [\n')], /^broken\.yaml line \d+: /],
    [[route, file('other.yaml', '\nname: x\n')], /^other\.yaml line 2: not a Kubernetes object/],
    [['--fail-on', 'fatal', route], /^--fail-on takes error, warning, info, not fatal\.$/],
    [['--what'], /^there is no option --what/],
    [[], /^name a file/],
  ])('refuses %j with one sentence', (args, sentence) => {
    const { status, stdout, stderr } = run(args)
    expect(stderr.trim()).toMatch(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })
})
