import { NoQuery, ScenarioPath } from '@/lib/api/schemas/requests'
import { parsePath } from '@/lib/server/parse'
import { answer } from '@/lib/server/respond'
import { requireSameOrigin } from '@/lib/server/same-origin'
import { upstreams } from '@/lib/server/upstreams'
import { setScenario } from '@/lib/server/use-cases/scenarios'

interface Context {
  params: Promise<{ name: string; action: string }>
}

export function POST(request: Request, { params }: Context) {
  return answer(request, NoQuery, async () => {
    requireSameOrigin(request)
    const { name, action } = parsePath(ScenarioPath, await params)
    return setScenario(upstreams(), name, action, request.signal)
  })
}
