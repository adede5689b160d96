import 'server-only'
import type { EffectiveRouting, NodeQuery } from '@/lib/api/schemas/mesh/details'
import { hideNames, type IsHidden } from '@/lib/mesh/names/hidden-names'
import { storiesOfGateway, storyOfHost, storyOfService } from '@/lib/istio/effective/effective-routing'
import type { RequestStory, StoryLine } from '@/lib/istio/effective/story'
import { currentAccess, hiddenIn } from '../../session/access'
import type { Upstreams } from '../../upstreams'
import { forbiddenNotices } from '../../snapshots/objects'
import { unreadNotices } from '../config-scope'
import { nodeObjects } from './node-objects'

const MOST_STORIES = 20

/** What happens to a request for each service of a node, or through it where it is a gateway. */
export async function getEffectiveRouting(up: Upstreams, query: NodeQuery): Promise<EffectiveRouting> {
  const access = await currentAccess(up)
  const { ref, index, workloads, services } = nodeObjects(up, query.node)
  const told = (story: RequestStory) =>
    access.namespaces === null ? story : toldTo(story, hiddenIn(up, access, ref.cluster))
  if (!index) return { stories: null, notices: unreadNotices(up) }
  if (ref.kind === 'external') {
    return {
      stories: [told(storyOfHost(index, ref.namespace, ref.name))],
      notices: forbiddenNotices(up, ref.cluster),
    }
  }
  const gateways = ref.kind === 'service' ? [] : workloads.flatMap((one) => storiesOfGateway(index, one))
  const stories = [
    ...gateways,
    ...services.map((service) => storyOfService(index, service.namespace, service.name)),
  ]
  const hidden = stories.length - MOST_STORIES
  return {
    stories: stories.slice(0, MOST_STORIES).map(told),
    notices: [
      ...forbiddenNotices(up, ref.cluster),
      ...(hidden > 0
        ? [
            {
              code: 'stories-cut',
              message: `${hidden} more services are not shown here; open them one by one.`,
            },
          ]
        : []),
    ],
  }
}

const ELSEWHERE: StoryLine = {
  text: 'something in a namespace you may not see has a say here',
  depth: 0,
  tone: 'plain',
  object: null,
}

/** Where the object of a line lies elsewhere, neither what it says nor the lines below it are told: once for a step. */
function toldTo(story: RequestStory, isHidden: IsHidden): RequestStory {
  const steps = story.steps.map((step) => {
    const lines: StoryLine[] = []
    let below = Infinity
    for (const line of step.lines) {
      if (line.depth > below) continue
      const isElsewhere = line.object !== null && isHidden(line.object.namespace)
      below = isElsewhere ? line.depth : Infinity
      const isSaid = lines.some(({ text }) => text === ELSEWHERE.text)
      if (!isElsewhere) lines.push(line)
      else if (!isSaid) lines.push({ ...ELSEWHERE, depth: line.depth })
    }
    return { ...step, lines }
  })
  return hideNames({ ...story, steps }, isHidden)
}
