import { expect, it } from 'vitest'
import { ALL_CHECKERS } from '@/lib/validation/all-checkers'
import { analyzeDocuments } from '@/lib/validation/analyze-documents'
import { TEMPLATES, templateText } from './templates'

const AROUND = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80 }] }
---
`

it.each(TEMPLATES.map((template) => [template.title, template] as const))(
  '%s is accepted as it stands',
  (_, template) => {
    const text = templateText(template, { name: 'first', namespace: 'shop', service: 'cart' })
    const { findings, problems } = analyzeDocuments({ documents: AROUND + text }, { checkers: ALL_CHECKERS })
    expect(problems).toEqual([])
    expect(
      findings.filter(({ severity, object }) => severity === 'error' && object.name === 'first'),
    ).toEqual([])
  },
)
