/**
 * Timeouts and retries of a rule.
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry,
 * https://gateway-api.sigs.k8s.io/reference/spec/#httproutetimeouts
 */
import { asList, getAt, setAt } from '../fields'
import { flagAt, numberAt, sectionAt, textAt, type Binding, type FormOf } from '../form'

/** Form of a virtual service's rule. No retries at all (null) is the mesh's preset, not none. */
export const timeoutForm = {
  timeout: textAt('timeout'),
  retries: sectionAt(['retries'], {
    attempts: numberAt('attempts'),
    perTryTimeout: textAt('perTryTimeout'),
    retryOn: textAt('retryOn'),
    retryRemoteLocalities: flagAt('retryRemoteLocalities'),
    backoff: textAt('backoff'),
  }),
}
export type TimeoutForm = FormOf<typeof timeoutForm>
export type RetriesForm = NonNullable<TimeoutForm['retries']>

export const NEW_RETRIES: RetriesForm = {
  attempts: 2,
  perTryTimeout: '',
  retryOn: '5xx',
  retryRemoteLocalities: false,
  backoff: '',
}

function codesAt(field: string): Binding<number[]> {
  return {
    path: [field],
    read: (root) => asList(getAt(root, [field])).filter((each): each is number => typeof each === 'number'),
    write: (root, value) => setAt(root, [field], value.length === 0 ? undefined : value),
  }
}

/** Form of an HTTPRoute's rule. */
export const routeTimeoutForm = {
  request: textAt('timeouts', 'request'),
  backendRequest: textAt('timeouts', 'backendRequest'),
  retry: sectionAt(['retry'], {
    attempts: numberAt('attempts'),
    backoff: textAt('backoff'),
    codes: codesAt('codes'),
  }),
}

export const NEW_ROUTE_RETRY: NonNullable<FormOf<typeof routeTimeoutForm>['retry']> = {
  attempts: 2,
  backoff: '',
  codes: [503],
}
