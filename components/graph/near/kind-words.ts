import type { NodeRef } from '@/lib/mesh/identity'

export const KIND_WORDS: Record<NodeRef['kind'], string> = {
  workload: 'workload',
  app: 'application',
  service: 'service',
  external: 'outside host',
  unknown: 'node',
}
