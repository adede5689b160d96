import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { APIRequestContext, Page } from '@playwright/test'
import { startDemoProcess } from '@/tests/support/heddle/demo-process'
import { startHeddle } from '@/tests/support/heddle/heddle-process'
import { startHoldingProxy } from '@/tests/support/holding-proxy'
import { expect, test } from './fixtures'

test.use({ mesh: 'bad-input' })

const PAGE = '/config/east/networking.istio.io/v1/virtualservices/bookinfo/ratings'
const OBJECT = '/api/v1/config/networking.istio.io/v1/virtualservices/bookinfo/ratings'

const route = (first: string, second: string, subset = 'v2') => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ratings
  namespace: bookinfo
spec:
  hosts:
    - ratings
  http:
    - route:
        - destination:
            host: ratings
            subset: v1
          weight: ${first}
        - destination:
            host: ratings
            subset: ${subset}
          weight: ${second}
`
const GOOD = route('60', '40')

async function write(page: Page, name: RegExp, text: string): Promise<void> {
  await page.getByRole('textbox', { name }).focus()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(text)
}

async function inCluster(request: APIRequestContext): Promise<unknown> {
  const answer = await request.get(OBJECT)
  expect(answer.ok(), await answer.text()).toBe(true)
  return ((await answer.json()) as { object: unknown }).object
}

/** Eight aliases of eight aliases of…: millions of values when written out. */
const BOMB = Array.from({ length: 8 }, (_, row) => {
  const value = row === 0 ? 'x' : `*a${row - 1}`
  return `a${row}: &a${row} [${Array.from({ length: 8 }, () => value).join(', ')}]\n`
}).join('')

test('what cannot be a state of the object is said at its line, is not applied, and survives a reload', async ({
  page,
  request,
}) => {
  const before = await inCluster(request)
  await page.goto(PAGE)
  const review = page.getByRole('button', { name: 'Review change' })
  for (const [text, message] of [
    [`${GOOD}  broken: [1\n`, /Line \d+: Flow sequence .*\]\./],
    [`${GOOD}---\n${GOOD.replace('name: ratings', 'name: other')}`, /holds 2 objects; here one is edited/],
    [BOMB, /aliases/i],
    [GOOD.replace('kind: VirtualService', 'kind: VirtualServices'), /Line 2: This is a VirtualServices/],
    [GOOD.replace('name: ratings', 'name: renamed'), /Line 4: Objects cannot be renamed/],
    [GOOD.replace('namespace: bookinfo', 'namespace: payments'), /Line 5: Objects cannot be moved/],
  ] as const) {
    await write(page, /^YAML of/, text)
    await expect(page.getByRole('main')).toContainText(message)
    await expect(page.locator('.cm-lint-marker-error').first()).toBeVisible()
    await expect(review).toBeDisabled()
  }
  await expect(page.getByText('kept in this browser')).toBeVisible()
  await page.reload()
  await page.getByRole('button', { name: 'Restore draft' }).click()
  await expect(page.getByRole('textbox', { name: /^YAML of/ })).toContainText('namespace: payments')

  // 5 MB at once: named, and what was there stays
  await page.getByRole('textbox', { name: /^YAML of/ }).focus()
  await page.keyboard.press('ControlOrMeta+End')
  await page.evaluate(() => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', '# many\n'.repeat(750_000))
    const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
    document.querySelector('.cm-content')?.dispatchEvent(paste)
  })
  await expect(page.getByText(/The text would have 5,\d+,\d+ characters; at most 1,500,000/)).toBeVisible()
  await expect(page.getByRole('textbox', { name: /^YAML of/ })).toContainText('namespace: payments')
  expect(await inCluster(request)).toEqual(before)
})

test('weights that cannot be, and a subset that is not there, are said before anything is applied', async ({
  page,
  request,
}) => {
  const before = await inCluster(request)
  await page.goto(PAGE)
  const dialog = page.getByRole('dialog')
  const findings = page.getByRole('list', { name: 'Findings of the text' })
  for (const [text, code, refusal] of [
    [route('-10', '40'), 'IST0106', /weight/],
    [route('12.5', '87.5'), 'IST0106', /weight|integer/],
    [route('0', '0'), null, /weight/],
  ] as const) {
    await write(page, /^YAML of/, text)
    if (code) await expect(findings.getByRole('link', { name: code }).first()).toBeVisible()
    await page.getByRole('button', { name: 'Review change' }).click()
    await expect(dialog.getByText('Dry run refused')).toBeVisible()
    await expect(dialog.getByText(refusal).first()).toBeVisible()
    await expect(dialog.getByRole('button', { name: 'Apply change' })).toBeDisabled()
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
  }
  await write(page, /^YAML of/, route('60', '60', 'v9'))
  // 120 is allowed, and says another share than it seems to
  await expect(findings.getByText(/make 120, not 100.*50 %, 50 %/)).toBeVisible()
  await expect(findings.getByRole('link', { name: 'IST0101' }).first()).toBeVisible()
  expect(await inCluster(request)).toEqual(before)
})

test('new objects say where they do not fit: no such kind, no such namespace, a name that is taken, a port without a selector', async ({
  page,
}) => {
  await page.goto('/config/new')
  const review = page.getByRole('button', { name: /^Review/ })
  const policy = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: ports
  namespace: bookinfo
spec:
  portLevelMtls:
    9080:
      mode: PERMISSIVE
`
  for (const [text, message] of [
    [GOOD.replace('VirtualService', 'VirtualServices'), /Line 2: .*VirtualServices/],
    [GOOD.replace('name: ratings', 'name: fresh').replace('bookinfo', 'nowhere'), /Line 5: .*nowhere/],
    [GOOD, /Line 4: .*exists already/],
  ] as const) {
    await write(page, /YAML of new objects/, text)
    await expect(page.getByRole('main')).toContainText(message)
    await expect(review).toBeDisabled()
  }
  await write(page, /YAML of new objects/, policy)
  const findings = page.getByRole('list', { name: 'Findings of the text' })
  await expect(findings.getByText(/Add a selector/)).toBeVisible()
  await review.click()
  const dialog = page.getByRole('dialog')
  // in the words of Istio's own webhook
  await expect(dialog.getByText(/validation\.istio\.io.*selector/)).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Apply change' })).toBeDisabled()
  await page.keyboard.press('Escape')
  await page.reload()
  await expect(page.getByRole('textbox', { name: /YAML of new objects/ })).toContainText('portLevelMtls')
  await page.getByRole('button', { name: 'Clear' }).click()
})

test('the API server goes between preview and apply, then forbids: said in the review, nothing applied, the text is kept', async ({
  page,
}) => {
  test.setTimeout(120_000)
  const mesh = await startDemoProcess()
  const proxy = await startHoldingProxy(mesh.kubernetesUrl)
  const folder = mkdtempSync(join(tmpdir(), 'heddle-bad-input-'))
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(
    kubeconfig,
    readFileSync(mesh.kubeconfigPath, 'utf8').replaceAll(mesh.kubernetesUrl, proxy.url),
  )
  // two clusters of one API server; what telemetry says of a third is all that is known of it
  const settings = join(folder, 'heddle.yaml')
  const clusters = [
    { name: 'east', kubeconfig },
    { name: 'north', kubeconfig: mesh.kubeconfigPath },
  ]
  writeFileSync(settings, JSON.stringify({ clusters }))
  const heddle = await startHeddle({
    PROMETHEUS_URL: mesh.prometheusUrl,
    HEDDLE_CONFIG: settings,
    KUBECONFIG: '',
    JAEGER_URL: '',
    HEDDLE_CLUSTER_NAME: 'east',
    HEDDLE_AUTH: 'token',
    HEDDLE_SESSION_KEY: 'only-for-this-test-run',
  })
  const signIn = async (token: string) => {
    await page.goto(`${heddle.url}${PAGE}`)
    await page.getByLabel('Kubernetes bearer token').fill(token)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  try {
    await signIn('demo-admin')
    await write(page, /^YAML of/, GOOD)
    await page.getByRole('button', { name: 'Review change' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByText('Dry run accepted')).toBeVisible()
    // where several clusters can be written, a review says which of them it writes to
    await expect(dialog.getByText('east/bookinfo/ratings', { exact: true })).toBeVisible()
    proxy.refuse(true)
    await dialog.getByRole('button', { name: 'Apply change' }).click()
    await expect(dialog.getByText('Nothing was applied: Kubernetes does not answer')).toBeVisible()
    proxy.refuse(false)
    await page.keyboard.press('Escape')
    await page.reload()
    await page.getByRole('button', { name: 'Restore draft' }).click()
    await expect(page.getByRole('textbox', { name: /^YAML of/ })).toContainText('weight: 60')

    await page.goto(`${heddle.url}/config/new`)
    await page.getByRole('combobox', { name: 'Cluster' }).click()
    await expect(page.getByRole('option', { name: 'west' })).toHaveAttribute('data-combobox-disabled', 'true')
    await expect(page.getByText(/west cannot be chosen. Known from telemetry only/)).toBeVisible()
    await page.getByRole('option', { name: 'north' }).click()
    await write(page, /YAML of new objects/, GOOD.replace('name: ratings', 'name: fresh'))
    await page.getByRole('button', { name: 'Review new object' }).click()
    await expect(dialog.getByText('Dry run accepted')).toBeVisible()
    await expect(dialog.getByText('north/bookinfo/fresh', { exact: true })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)

    await page.getByRole('button', { name: /^Signed in as/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await expect(page.getByRole('heading', { name: 'Sign in to Heddle' })).toBeVisible()
    await signIn('demo-viewer')
    // who may not write reads
    await expect(page.getByText(/You may not change a VirtualService in bookinfo/)).toBeVisible()
    await expect(page.getByRole('button', { name: 'Review change' })).toHaveCount(0)
    const { object } = (await (await page.request.get(`${heddle.url}${OBJECT}`)).json()) as {
      object: { spec: { http: { route: { weight: number }[] }[] } }
    }
    expect(object.spec.http[0]?.route.map(({ weight }) => weight)).toEqual([70, 30])
  } finally {
    await heddle.stop()
    await proxy.close()
    await mesh.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('more namespaces than are allowed are refused in words, however long the address', async ({
  request,
}) => {
  const names = Array.from({ length: 10_000 }, (_, n) => `namespace-${n}`)
  const answer = await request.get(`/api/v1/graph?namespaces=${names.join(',')}`)
  expect(answer.status()).toBe(400)
  const { error } = (await answer.json()) as { error: { code: string; parameter: string; message: string } }
  expect(error).toMatchObject({ code: 'invalid-parameter', parameter: 'namespaces' })
  expect(error.message).toContain('at most 200 namespaces')
  // as many as are allowed, each as long as is allowed
  const longest = Array.from({ length: 200 }, (_, n) => String(n).padStart(253, 'n'))
  expect((await request.get(`/api/v1/graph?namespaces=${longest.join(',')}`)).status()).toBe(200)
})

test('what an address names and is not there is said, and what is named alike proposed', async ({ page }) => {
  // what is selected on the graph stands beside the main part
  const main = page.locator('body')
  for (const [path, said, near] of [
    ['/graph?focus=east/bookinfo/workload/reviews-v9', 'There is no workload reviews-v9', 'reviews-v1'],
    ['/graph?selected=east/bookinfo/service/reviewz', 'There is no service reviewz', 'reviews'],
    ['/routing/east/bookinfo/review', 'review is not there', 'reviews'],
    ['/traffic-shifting?split=east/bookinfo/VirtualService/review%23x', 'no such weighted route', 'reviews'],
    ['/checks/IST0199', 'No check has the code IST0199', 'IST0109'],
    ['/traces/abcdef0123456789', 'No such trace', 'Search what is there'],
    ['/changes/no-such', 'There is no such change', 'Show all changes'],
  ] as const) {
    await page.goto(path)
    await expect(main).toContainText(said)
    await expect(main.getByRole('link', { name: near, exact: true }).first()).toBeVisible()
  }
  await page.goto('/alerts?open=IstioHighErorRate')
  await expect(main).toContainText('The alert this address opens is over, or there never was one')
})
