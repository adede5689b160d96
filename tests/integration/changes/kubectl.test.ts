/** kubectl sees what Heddle says it did, and does what Heddle exports. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { GET as getChange } from '@/app/api/v1/changes/[id]/route'
import { ApplyAnswer, ChangeDetail, PreviewAnswer } from '@/lib/api/schemas/config/changes'
import { yamlOf } from '@/lib/changes/text/content-yaml'
import { asGitPatch, asKubectl, asYaml } from '@/lib/changes/text/export'
import {
  byId,
  changePipeline,
  MOVE,
  REF,
  REVIEWS,
  RULE,
  weighted,
} from '../../support/kubernetes/change-pipeline'
import { isKubectlLeftOut, startKubectl, type Kubectl } from '../../support/kubernetes/kubectl'
import { present } from '../../support/present'

const run = promisify(execFile)

interface Weighted {
  metadata: { managedFields: { manager: string }[]; resourceVersion: string }
  spec: { http: { route: { weight?: number }[] }[] }
}

describe.skipIf(isKubectlLeftOut)('kubectl beside Heddle', () => {
  const on = changePipeline()
  let kubectl: Kubectl

  beforeEach(async () => {
    kubectl = await startKubectl(on.kubeconfig())
  })
  afterEach(() => kubectl.close())

  async function get<T>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await kubectl.run([
      'get',
      ...args,
      '-o',
      'json',
      '--show-managed-fields',
    ])
    expect(code, stderr).toBe(0)
    return JSON.parse(stdout) as T
  }
  const reviews = () => get<Weighted>('virtualservice', 'reviews', '-n', 'bookinfo')
  const weightsOf = ({ spec }: Weighted) => spec.http[0]?.route.map(({ weight }) => weight)
  const detailOf = async (id: string) =>
    ChangeDetail.parse(await (await getChange(on.request(`changes/${id}`, 'GET'), byId(id))).json())

  it('sees the object that the page says was written, its version and field manager, and the record', async () => {
    const answer = ApplyAnswer.parse(
      await (await on.apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }], { reason: 'half for v2' })).json(),
    )
    const seen = await reviews()
    expect(weightsOf(seen)).toEqual([50, 50])
    expect(seen.metadata.resourceVersion).toBe(answer.changes[0]?.resourceVersion)
    expect(seen.metadata.managedFields.map(({ manager }) => manager)).toContain('heddle')
    const [object] = (await detailOf(answer.id)).objects
    expect(object?.after).toMatchObject({ spec: seen.spec })

    // the record is there for whoever has kubectl only
    const { stdout } = await kubectl.run([
      ...['get', 'configmaps', '-n', 'heddle', '-l', 'heddle.io/change'],
      ...['-o', 'jsonpath={.items[*].data.change\\.yaml}'],
    ])
    expect(parse(stdout)).toMatchObject({
      status: 'applied',
      reason: 'half for v2',
      objects: [{ op: 'patch' }],
    })

    await on.takeBack(answer.id)
    expect(weightsOf(await reviews())).toEqual([90, 10])
  })

  it('does by the exported commands what applying would have done, and refuses them once the object is another', async () => {
    const added = [{ op: 'add', path: '/spec/subsets/-', value: { name: 'v4', labels: { version: 'v4' } } }]
    const changes = [
      { op: 'patch', ref: REVIEWS, patch: MOVE },
      { op: 'patch', ref: RULE, patch: added },
      { op: 'create', ref: { ...REF, name: 'later' }, object: weighted('later', 'bookinfo', [70, 30]) },
    ]
    const preview = PreviewAnswer.parse(await (await on.preview(changes)).json())
    const script = await kubectl.file('change.sh', `set -e\n${asKubectl(preview.changes)}`)
    const env = { ...process.env, KUBECONFIG: join(script, '..', 'config') }
    await run('sh', [script], { env })
    expect(weightsOf(await reviews())).toEqual([50, 50])
    expect(weightsOf(await get<Weighted>('virtualservice', 'later', '-n', 'bookinfo'))).toEqual([70, 30])
    for (const { ref, after } of preview.changes) {
      const kind = ref.kind.toLowerCase()
      const { spec } = await get<Weighted>(kind, ref.name, '-n', ref.namespace)
      expect(after).toMatchObject({ spec })
    }
    // the same patch again meets other values than it was written for
    const again = asKubectl(
      preview.changes.filter(({ ref }) => ref.name === 'reviews' && ref.kind === REF.kind),
    )
    const second = await kubectl.file('again.sh', again)
    await expect(run('sh', [second], { env })).rejects.toThrow(/test/i)
  })

  it('exports YAML that the API server takes, and a patch that Git applies', async () => {
    const preview = PreviewAnswer.parse(
      await (await on.preview([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json(),
    )
    const applied = await kubectl.run(['apply', '--dry-run=server', '-f', '-'], {
      input: asYaml(preview.changes),
    })
    expect(applied.stdout, applied.stderr).toMatch(/virtualservice.*reviews configured/)

    const folder = await mkdtemp(join(tmpdir(), 'heddle-git-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const file = join(folder, 'bookinfo', 'virtualservice-reviews.yaml')
    await mkdir(join(folder, 'bookinfo'))
    const [change] = preview.changes
    await writeFile(file, yamlOf(present(change?.before)))
    await writeFile(join(folder, 'change.patch'), asGitPatch(preview.changes))
    await run('git', ['apply', 'change.patch'], { cwd: folder })
    expect(await readFile(file, 'utf8')).toBe(yamlOf(present(change?.after)))
  })
})
