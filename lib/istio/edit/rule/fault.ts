/**
 * Faults that callers' proxies inject.
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection
 */
import { getAt, setAt, type Fields } from '../fields'
import { numberAt, sectionAt, textAt, type Binding, type FormOf } from '../form'

/** A share of requests in percent, 0 to 100; null: not said, which proxies take for none. */
function percentAt(old: string | null): Binding<number | null> {
  const at = numberAt('percentage', 'value')
  return {
    path: ['percentage', 'value'],
    read: (root) => {
      const value = at.read(root)
      if (value !== null || old === null || getAt(root, ['percentage']) !== undefined) return value
      return numberAt(old).read(root)
    },
    // the whole number it replaces would contradict it
    write: (root, value) => at.write(old === null ? root : setAt(root, [old], undefined), value),
  }
}

const abort = {
  httpStatus: numberAt('httpStatus'),
  grpcStatus: textAt('grpcStatus'),
  percent: percentAt(null),
}
const delay = { fixedDelay: textAt('fixedDelay'), percent: percentAt('percent') }

/** Form of a virtual service's rule, from the rule as root. */
export const faultForm = {
  abort: sectionAt(['fault', 'abort'], abort),
  delay: sectionAt(['fault', 'delay'], delay),
}
export type FaultForm = FormOf<typeof faultForm>

/** What a new fault begins with: one that touches few requests. */
export const NEW_ABORT: NonNullable<FaultForm['abort']> = { httpStatus: 503, grpcStatus: '', percent: 10 }
export const NEW_DELAY: NonNullable<FaultForm['delay']> = { fixedDelay: '2s', percent: 10 }

export function withoutFault(rule: Fields): Fields {
  return setAt(rule, ['fault'], undefined)
}
