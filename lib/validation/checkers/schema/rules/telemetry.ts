import type { FieldPath } from '@/lib/validation/finding'
import { asFields, asList, asText, isFields, items, specOf, type Fields } from '@/lib/validation/read'
import { checkTargets } from './policies'
import type { Rules, Say } from './say'
import { checkSelector } from './values'

/** Source: istio/istio pkg/config/validation/validation.go, ValidateTelemetry */
export const telemetryRules: Rules = (object, say) => {
  const spec = specOf(object)
  checkTargets(spec, say)
  for (const [metrics, i] of items(spec.metrics)) {
    const path = ['spec', 'metrics', i]
    checkProviders(metrics, path, say)
    for (const [override, j] of items(metrics.overrides))
      checkOverride(override, [...path, 'overrides', j], say)
  }
  const tracing = items(spec.tracing)
  if (tracing.length > 1) say.warning(['spec', 'tracing'], 'Only one entry of tracing is used. Merge them.')
  for (const [entry, index] of tracing) checkTracing(entry, ['spec', 'tracing', index], say)
  for (const [logging, index] of items(spec.accessLogging))
    checkProviders(logging, ['spec', 'accessLogging', index], say)
}

function checkProviders(entry: Fields, path: FieldPath, say: Say): void {
  for (const [provider, index] of items(entry.providers)) {
    if (asText(provider.name) === '') say.error([...path, 'providers', index], 'A provider needs a name.')
  }
}

function checkOverride(override: Fields, path: FieldPath, say: Say): void {
  for (const [tag, value] of Object.entries(asFields(override.tagOverrides))) {
    const at = [...path, 'tagOverrides', tag]
    const { operation, value: text } = asFields(value)
    const isRemoval = operation === 'REMOVE'
    if (tag === '') say.warning(at, 'A tag needs a name.')
    if (!isRemoval && asText(text) === '')
      say.error(at, `The tag ${tag} gets no value. Set value, or the operation REMOVE.`)
    if (isRemoval && asText(text) !== '')
      say.error([...at, 'value'], `The tag ${tag} is removed and has no value. Leave one of them.`)
  }
  if (asFields(override.match).customMetric === '')
    say.error([...path, 'match', 'customMetric'], 'The metric needs a name.')
}

function checkTracing(entry: Fields, path: FieldPath, say: Say): void {
  if (asList(entry.providers).length > 1)
    say.warning([...path, 'providers'], 'Only one tracing provider is used. Leave one.')
  checkProviders(entry, path, say)
  const share = entry.randomSamplingPercentage
  if (typeof share === 'number' && (share < 0 || share > 100)) {
    say.error([...path, 'randomSamplingPercentage'], `${share} is no percentage. Use 0 to 100.`)
  }
  for (const [tag, value] of Object.entries(asFields(entry.customTags))) {
    const at = [...path, 'customTags', tag]
    const { literal, header, environment } = asFields(value)
    if (tag === '') say.error(at, 'A tag needs a name.')
    if (isFields(literal) && asText(literal.value) === '')
      say.error([...at, 'literal'], 'A literal tag needs a value.')
    if (isFields(header) && asText(header.name) === '')
      say.error([...at, 'header'], 'A tag from a header needs its name.')
    if (isFields(environment) && asText(environment.name) === '')
      say.error([...at, 'environment'], 'A tag from the environment needs the variable’s name.')
  }
}

/** Source: istio/istio pkg/config/validation/validation.go, ValidateWasmPlugin */
export const wasmPluginRules: Rules = (object, say) => {
  const spec = specOf(object)
  checkTargets(spec, say)
  const url = asText(spec.url)
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase()
  if (url === '') say.error(['spec'], 'A plugin needs a url.')
  else if (scheme !== undefined && !['file', 'http', 'https', 'oci'].includes(scheme)) {
    say.error(['spec', 'url'], `Plugins are read from oci, http, https or file, not ${scheme}.`)
  }
  const sha = asText(spec.sha256)
  if (sha !== '' && !/^[a-f0-9]{64}$/.test(sha))
    say.error(['spec', 'sha256'], 'sha256 must be 64 small hexadecimal digits.')
  if (asText(spec.imagePullSecret).length > 253)
    say.error(['spec', 'imagePullSecret'], 'A secret’s name has at most 253 characters.')
  if (asText(spec.pluginName).length > 256)
    say.error(['spec', 'pluginName'], 'A plugin’s name has at most 256 characters.')
  const names = new Set<string>()
  for (const [variable, index] of items(asFields(spec.vmConfig).env)) {
    const path = ['spec', 'vmConfig', 'env', index]
    const name = asText(variable.name)
    if (name === '' || name.length > 256)
      say.error(path, 'A variable needs a name of at most 256 characters.')
    else if (names.has(name)) say.error([...path, 'name'], `The variable ${name} is set twice.`)
    names.add(name)
    if (variable.valueFrom === 'HOST' && asText(variable.value) !== '') {
      say.error([...path, 'value'], 'A variable from the host has no value here. Leave one of them.')
    }
  }
  for (const [match, i] of items(spec.match)) {
    for (const [port, j] of items(match.ports)) {
      const { number } = port
      if (typeof number === 'number' && number >= 1 && number <= 65535) continue
      say.error(
        ['spec', 'match', i, 'ports', j, 'number'],
        `${String(number)} is no port. Use a number from 1 to 65535.`,
      )
    }
  }
}

/** Source: istio/istio pkg/config/validation/validation.go, ValidateProxyConfig */
export const proxyConfigRules: Rules = (object, say) => {
  const { selector, concurrency } = specOf(object)
  checkSelector(selector, 'matchLabels', ['spec', 'selector'], say, 'applies to all workloads')
  if (typeof concurrency === 'number' && concurrency < 0) {
    say.error(['spec', 'concurrency'], 'concurrency cannot be negative; 0 uses all cores.')
  }
}
