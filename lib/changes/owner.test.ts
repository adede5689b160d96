import { describe, expect, it } from 'vitest'
import { ownerOf } from './owner'

const object = (metadata: Record<string, unknown>) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'bookinfo', ...metadata },
})

describe('the owner of an object', () => {
  it.each<[Record<string, unknown>, string, string | null]>([
    [
      { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:networking.istio.io/VirtualService:a/b' } },
      'Argo CD',
      'shop',
    ],
    [{ labels: { 'argocd.argoproj.io/instance': 'shop' } }, 'Argo CD', 'shop'],
    [{ managedFields: [{ manager: 'kubectl' }, { manager: 'argocd-controller' }] }, 'Argo CD', null],
    [{ labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }, 'Flux', 'apps'],
    [{ labels: { 'helm.toolkit.fluxcd.io/name': 'shop' } }, 'Flux', 'shop'],
    [{ labels: { 'app.kubernetes.io/managed-by': 'Helm' } }, 'Helm', null],
    [{ annotations: { 'meta.helm.sh/release-name': 'shop' } }, 'Helm', 'shop'],
    [{ ownerReferences: [{ kind: 'Canary', name: 'reviews' }] }, 'Flagger', 'reviews'],
    [{ managedFields: [{ manager: 'rollouts-controller' }] }, 'Argo Rollouts', null],
    [
      { annotations: { 'argo-rollouts.argoproj.io/managed-by-rollouts': 'reviews' } },
      'Argo Rollouts',
      'reviews',
    ],
    [{ labels: { 'rollouts.argoproj.io/gatewayapi-canary': 'in-progress' } }, 'Argo Rollouts', null],
    // deployed by Helm, weights moved by Flagger: Flagger is who puts it back
    [
      { labels: { 'app.kubernetes.io/managed-by': 'Helm' }, managedFields: [{ manager: 'flagger' }] },
      'Flagger',
      null,
    ],
  ])('of %j is %s', (metadata, tool, name) => {
    expect(ownerOf(object(metadata))).toMatchObject({ tool, name })
  })

  it.each([
    {},
    { labels: { 'app.kubernetes.io/managed-by': 'kustomize' }, managedFields: [{ manager: 'kubectl-edit' }] },
    { ownerReferences: 'broken', managedFields: null },
  ])('of %j is nobody', (metadata) => {
    expect(ownerOf(object(metadata))).toBeNull()
  })
})
