import { API } from '../paths'
import { AnalyzeBody, Findings, FindingsQuery, LiveFindingList } from '../schemas/config/analyze'
import { MtlsList, MtlsNamespaces, Preflight, PreflightBody } from '../schemas/config/mtls'
import { NoQuery, ScopeQuery, SplitTargetsQuery, SplitWatchQuery, SplitsQuery } from '../schemas/requests'
import { ServiceRouting } from '../schemas/config/routing'
import { SplitList, SplitTargets, SplitWatch } from '../schemas/config/splits'
import type { Route } from './route'

/** What steers traffic: weighted routes, mutual TLS, and what the checks say of all objects. */
export const steering: readonly Route[] = [
  {
    method: 'GET',
    path: `${API}/splits`,
    summary: 'All weighted routes: configured and observed shares of their destinations',
    query: SplitsQuery,
    answer: SplitList,
  },
  {
    method: 'GET',
    path: `${API}/splits/watch`,
    summary: 'Shares, errors and latency of one weighted route over time, and whether it has converged',
    query: SplitWatchQuery,
    answer: SplitWatch,
  },
  {
    method: 'GET',
    path: `${API}/splits/targets`,
    summary: 'What the requests of a service can be split between: versions, subsets, services',
    query: SplitTargetsQuery,
    answer: SplitTargets,
  },
  {
    method: 'GET',
    path: `${API}/routing`,
    summary: 'The objects that route the requests of a service, and why each does',
    query: SplitTargetsQuery,
    answer: ServiceRouting,
  },
  {
    method: 'GET',
    path: `${API}/mtls`,
    summary: 'Mutual TLS of every mesh, namespace, workload and port: configured, effective, observed',
    query: ScopeQuery,
    answer: MtlsList,
  },
  {
    method: 'GET',
    path: `${API}/mtls/namespaces`,
    summary: 'The same by namespace: counts, plain-text callers, and the way to STRICT and back',
    query: ScopeQuery,
    answer: MtlsNamespaces,
  },
  {
    method: 'POST',
    path: `${API}/mtls/preflight`,
    summary: 'Who would be refused if a mode were set somewhere; changes nothing',
    query: NoQuery,
    body: { json: PreflightBody },
    answer: Preflight,
  },
  {
    method: 'POST',
    path: `${API}/analyze`,
    summary: 'What is wrong with Kubernetes documents; they are all that exists, no cluster is asked',
    query: NoQuery,
    body: { json: AnalyzeBody, text: 'application/yaml' },
    answer: Findings,
  },
  {
    method: 'GET',
    path: `${API}/findings`,
    summary: 'What is wrong with the objects of the clusters as they are now',
    query: FindingsQuery,
    answer: LiveFindingList,
  },
]
