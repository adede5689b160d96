import { describe, expect, it } from 'vitest'
import { findOwnerByPodName, likelyOwnerOfPod } from './pod-name'

describe('findOwnerByPodName', () => {
  it.each([
    ['reviews-v1-6b4c9d7f88-x2x9k', 'reviews-v1', 'Deployment'],
    ['reviews-v10-6b4c9d7f88-x2x9k', 'reviews-v10', 'Deployment'],
    ['a-5d8f9b6c4-2bcdf', 'a', 'Deployment'],
    ['web-0', 'web', 'StatefulSet'],
    ['mongodb-v1-12', 'mongodb-v1', 'StatefulSet'],
    ['report-28391040-k7xjz', 'report', 'CronJob'],
  ])('%s belongs to %s, a %s', (pod, workload, kind) => {
    expect(findOwnerByPodName(pod)).toEqual({ workload, kind })
  })

  it.each([
    // one generated suffix: DaemonSet, Job and ReplicaSet look alike
    'ztunnel-x2x9k',
    // no generated part at all
    'debug',
    'reviews-v1',
    // vowels never occur in generated parts
    'reviews-v1-6b4c9d7f88-abcde',
    'reviews-release-x2x9k',
    'web-00',
    // as long as the API server cuts, so the owner may be longer
    `${'n'.repeat(47)}-6b4c9d7f88-x2x9k`,
  ])('does not guess the owner of %s', (pod) => {
    expect(findOwnerByPodName(pod)).toBeUndefined()
  })
})

describe('likelyOwnerOfPod', () => {
  it.each([
    ['reviews-v1-6b4c9d7f88-x2x9k', 'reviews-v1'],
    // the name of a DaemonSet may look like a hash, and is none
    ['node-exporter-x2x9k', 'node-exporter'],
    ['web-0', 'web'],
    ['debug', 'debug'],
  ])('%s was most likely made by %s', (pod, owner) => expect(likelyOwnerOfPod(pod)).toBe(owner))
})
