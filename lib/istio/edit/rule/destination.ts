/** Where a rule sends requests, when that is one place; several have weights and are split elsewhere. */
import { asFields, asList, getAt, setAt } from '../fields'
import { numberAt, readForm, textAt, writeForm, type Binding } from '../form'

const istio = { host: textAt('host'), subset: textAt('subset'), port: numberAt('port', 'number') }
const gateway = { host: textAt('name'), namespace: textAt('namespace'), port: numberAt('port') }

export interface Destination {
  host: string
  /** virtual services only */
  subset: string
  /** routes only; empty: the route's own */
  namespace: string
  port: number | null
}

/** The one destination; null where there is none or more than one. */
export const destinationForm: { destination: Binding<Destination | null> } = {
  destination: {
    path: ['route'],
    read: (rule) => {
      const routes = asList(rule.route)
      if (routes.length !== 1) return null
      return { ...readForm(istio, asFields(routes[0]).destination), namespace: '' }
    },
    write: (rule, value) => {
      if (value === null) return rule
      const before = getAt(rule, ['route', 0, 'destination'])
      return setAt(rule, ['route', 0, 'destination'], writeForm(istio, before, value))
    },
  },
}

export const routeDestinationForm: { destination: Binding<Destination | null> } = {
  destination: {
    path: ['backendRefs'],
    read: (rule) => {
      const backends = asList(rule.backendRefs)
      return backends.length === 1 ? { ...readForm(gateway, backends[0]), subset: '' } : null
    },
    write: (rule, value) => {
      if (value === null) return rule
      const before = getAt(rule, ['backendRefs', 0])
      return setAt(rule, ['backendRefs', 0], writeForm(gateway, before, value))
    },
  },
}
