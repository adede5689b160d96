/**
 * What the values of Istio's annotations may be. Each answers what is wrong, or undefined.
 * Rules: istio/istio pkg/kube/inject/validate.go
 */
import { isCidr } from '@/lib/validation/lookups/addresses'
import { isFields } from '@/lib/validation/read'
import { readYaml } from '@/lib/validation/yaml'

type ValueRule = (value: string) => string | undefined

const wholeNumber: ValueRule = (value) =>
  /^\d+$/.test(value) && Number(value) < 2 ** 32 ? undefined : 'must be a whole number'

const isPort = (text: string) => /^\d+$/.test(text) && Number(text) < 65536

const ports: ValueRule = (value) => {
  const list = value.trim() === '' ? [] : value.split(',')
  return list.every((one) => isPort(one.trim())) ? undefined : 'must be a comma list of port numbers'
}

const ranges: ValueRule = (value) =>
  value === '' || value.split(',').every(isCidr)
    ? undefined
    : 'must be a comma list of ranges such as 10.0.0.0/8'

const orAll =
  (rule: ValueRule): ValueRule =>
  (value) =>
    value === '*' ? undefined : rule(value)

const boolean: ValueRule = (value) =>
  ['1', 't', 'T', 'true', 'TRUE', 'True', '0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value)
    ? undefined
    : 'must be true or false'

const settings: ValueRule = (value) => {
  const read = readYaml(value)
  if ('problem' in read) return 'is not YAML'
  const isSettings = read.value === null || isFields(read.value)
  return isSettings ? undefined : 'must be proxy settings, such as {concurrency: 2}'
}

export const VALUE_RULES: Readonly<Record<string, ValueRule>> = {
  'sidecar.istio.io/interceptionMode': (value) =>
    ['REDIRECT', 'TPROXY', 'NONE'].includes(value) ? undefined : 'must be REDIRECT, TPROXY or NONE',
  'status.sidecar.istio.io/port': (value) => (isPort(value.trim()) ? undefined : 'must be a port number'),
  'readiness.status.sidecar.istio.io/initialDelaySeconds': wholeNumber,
  'readiness.status.sidecar.istio.io/periodSeconds': wholeNumber,
  'readiness.status.sidecar.istio.io/failureThreshold': wholeNumber,
  'traffic.sidecar.istio.io/includeOutboundIPRanges': orAll(ranges),
  'traffic.sidecar.istio.io/excludeOutboundIPRanges': ranges,
  'traffic.sidecar.istio.io/includeInboundPorts': orAll(ports),
  'traffic.sidecar.istio.io/excludeInboundPorts': ports,
  'traffic.sidecar.istio.io/excludeOutboundPorts': ports,
  'prometheus.istio.io/merge-metrics': boolean,
  'proxy.istio.io/config': settings,
}
