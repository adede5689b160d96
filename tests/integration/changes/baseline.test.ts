/** All traffic to the baseline while telemetry is down: what the emergency button does needs Kubernetes alone. */
import { expect, it } from 'vitest'
import { GET as getSplits } from '@/app/api/v1/splits/route'
import { baselineItems, canGoBack, objectKey, refOfSplit } from '@/components/splits/change-items'
import { ApplyAnswer, PreviewAnswer } from '@/lib/api/schemas/config/changes'
import { SplitList } from '@/lib/api/schemas/config/splits'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { changePipeline } from '../../support/kubernetes/change-pipeline'
import { present } from '../../support/present'

const on = changePipeline()

it('finds the splits, says their baselines, and sends everything there', async () => {
  const answer = await getSplits(on.request('splits?namespaces=bookinfo', 'GET'))
  const { items, notices } = SplitList.parse(await answer.json())
  expect(notices.map(({ code }) => code)).toContain('prometheus-unreachable')
  const split = present(items.find(({ ref }) => ref.name === 'reviews'))
  // what is not measured is not made up
  expect(split.backends.map(({ observedShare }) => observedShare)).toEqual([null, null])
  expect(canGoBack(split)).toBe(true)
  expect(split.baseline?.place).toBe(0)

  // the store gives what the API server would
  const object = present(on.stored('VirtualService', 'reviews')) as unknown as ConfigObject
  const made = baselineItems([split], new Map([[objectKey(refOfSplit(split)), object]]))
  if ('problem' in made) throw new Error(made.problem)
  const preview = PreviewAnswer.parse(await (await on.preview(made.items)).json())
  expect(preview.changes[0]).toMatchObject({ dryRun: { ok: true }, allowed: true })
  const { status } = ApplyAnswer.parse(await (await on.apply(made.items)).json())
  expect(status).toBe('applied')
  expect(on.weights()).toEqual([100, 0])
})
