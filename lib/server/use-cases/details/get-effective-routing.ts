import 'server-only'
import type { EffectiveRouting, NodeQuery } from '@/lib/api/schemas/details'
import { storiesOfGateway, storyOfHost, storyOfService } from '@/lib/istio/effective/effective-routing'
import type { Upstreams } from '../../upstreams'
import { unreadNotices } from '../config-scope'
import { nodeObjects } from './node-objects'

const MOST_STORIES = 20

/** What happens to a request for each service of a node, or through it where it is a gateway. */
export function getEffectiveRouting(up: Upstreams, query: NodeQuery): EffectiveRouting {
  const { ref, index, workloads, services } = nodeObjects(up, query.node)
  if (!index) return { stories: null, notices: unreadNotices(up) }
  if (ref.kind === 'external') {
    return { stories: [storyOfHost(index, ref.namespace, ref.name)], notices: [] }
  }
  const gateways = ref.kind === 'service' ? [] : workloads.flatMap((one) => storiesOfGateway(index, one))
  const stories = [
    ...gateways,
    ...services.map((service) => storyOfService(index, service.namespace, service.name)),
  ]
  const hidden = stories.length - MOST_STORIES
  return {
    stories: stories.slice(0, MOST_STORIES),
    notices:
      hidden > 0
        ? [
            {
              code: 'stories-cut',
              message: `${hidden} more services are not shown here; open them one by one.`,
            },
          ]
        : [],
  }
}
