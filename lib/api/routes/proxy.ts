import { API } from '../paths'
import {
  ProxiesBehind,
  ProxyAnswer,
  ProxyDump,
  ProxyLevelAnswer,
  ProxyLevelBody,
  ProxyList,
  ProxyListQuery,
  ProxyQuery,
  ProxyStats,
  ProxyStatsQuery,
  ProxySyncList,
  ProxySyncQuery,
} from '../schemas/telemetry/proxy'
import { NoQuery } from '../schemas/requests'
import type { Route } from './route'

/** What the Envoys do; reached through the Kubernetes API with the rights of who asks. */
export const proxy: readonly Route[] = [
  {
    method: 'GET',
    path: `${API}/proxy`,
    summary: 'Clusters, listeners, routes, endpoints and secrets of one Envoy, and how far istiod agrees',
    query: ProxyQuery,
    answer: ProxyAnswer,
  },
  {
    method: 'GET',
    path: `${API}/proxy/config-dump`,
    summary: 'The whole configuration of one Envoy, without what secrets hold',
    query: ProxyQuery,
    answer: ProxyDump,
  },
  {
    method: 'GET',
    path: `${API}/proxy/sync`,
    summary: 'How far istiod and each Envoy of a node agree',
    query: ProxySyncQuery,
    answer: ProxySyncList,
  },
  {
    method: 'GET',
    path: `${API}/proxy/list`,
    summary: 'All Envoys of a namespace: version, agreement with istiod, end of the certificate',
    query: ProxyListQuery,
    answer: ProxyList,
  },
  {
    method: 'GET',
    path: `${API}/proxy/behind`,
    summary: 'Proxies of each cluster that do not run what istiod sent last',
    query: NoQuery,
    answer: ProxiesBehind,
  },
  {
    method: 'GET',
    path: `${API}/proxy/stats`,
    summary: 'Counters and gauges of one Envoy',
    query: ProxyStatsQuery,
    answer: ProxyStats,
  },
  {
    method: 'POST',
    path: `${API}/proxy/log-level`,
    summary: 'Sets how much one Envoy logs, until it restarts; same-origin requests only',
    query: NoQuery,
    body: { json: ProxyLevelBody },
    answer: ProxyLevelAnswer,
  },
]
