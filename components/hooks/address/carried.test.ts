import { expect, it } from 'vitest'
import { carried } from './carried'

it.each([
  ['/changes/7', 'at=1700000000&window=5m', '/changes/7?window=5m&at=1700000000'],
  ['/config', 'refresh=paused&selected=x', '/config?refresh=paused'],
  ['/graph?selected=east/a/workload/b', 'window=5m', '/graph?selected=east/a/workload/b&window=5m'],
  ['/workloads/a/b/c?tab=logs&at=5', 'at=1700000000&window=5m', '/workloads/a/b/c?tab=logs&at=5&window=5m'],
  ['/checks#IST0101', 'at=7', '/checks?at=7#IST0101'],
  ['/checks', 'namespaces=a', '/checks'],
  ['https://jaeger.example/trace/1', 'at=7', 'https://jaeger.example/trace/1'],
  ['#main', 'at=7', '#main'],
])('%s from a page at %s leads to %s', (href, here, there) => {
  expect(carried(href, new URLSearchParams(here))).toBe(there)
})
