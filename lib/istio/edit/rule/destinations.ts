/** Where a rule sends requests, with the weights that share them. */
import { listAt, numberAt, textAt } from '../form'

/** Form of a virtual service's rule. */
export const destinationsForm = {
  destinations: listAt(['route'], {
    host: textAt('destination', 'host'),
    subset: textAt('destination', 'subset'),
    port: numberAt('destination', 'port', 'number'),
    weight: numberAt('weight'),
  }),
}

/** Form of an HTTPRoute's rule; its backends are services, not subsets. */
export const routeDestinationsForm = {
  destinations: listAt(['backendRefs'], {
    host: textAt('name'),
    namespace: textAt('namespace'),
    port: numberAt('port'),
    weight: numberAt('weight'),
  }),
}
