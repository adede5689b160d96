import { API } from '../paths'
import {
  ApplyAnswer,
  ChangeBody,
  ChangeDetail,
  ChangeEffect,
  ChangeEffectQuery,
  ChangeList,
  ChangePath,
  ChangesQuery,
  ConfigDetail,
  ConfigList,
  ConfigListQuery,
  ConfigPath,
  ConfigQuery,
  ConfigWriteQuery,
  KubernetesBody,
  PreviewAnswer,
  RevertBody,
} from '../schemas/config/changes'
import { CheckAnswer, CheckBody, SchemaAnswer, SchemaQuery } from '../schemas/config/editing'
import { ObjectContext } from '../schemas/config/object-context'
import { NoQuery } from '../schemas/requests'
import type { Route } from './route'

const object = `${API}/config/{group}/{version}/{resource}/{namespace}/{name}`

/** Reading and changing the mesh's objects; whatever writes takes same-origin requests only. */
export const config: readonly Route[] = [
  {
    method: 'GET',
    path: `${API}/config`,
    summary: 'Objects of Istio and the Gateway API, and the services they are about',
    query: ConfigListQuery,
    answer: ConfigList,
  },
  {
    method: 'POST',
    path: `${API}/config/preview`,
    summary: 'What a change would do; nothing is written',
    query: NoQuery,
    body: { json: ChangeBody, text: 'application/yaml' },
    answer: PreviewAnswer,
  },
  {
    method: 'POST',
    path: `${API}/config/apply`,
    summary: 'Records and applies a change; 409 shows base, theirs and mine',
    query: NoQuery,
    body: { json: ChangeBody, text: 'application/yaml' },
    answer: ApplyAnswer,
  },
  {
    method: 'GET',
    path: `${API}/config/schema`,
    summary: 'The schema of a kind as the cluster publishes it, resolved and bounded',
    query: SchemaQuery,
    answer: SchemaAnswer,
  },
  {
    method: 'POST',
    path: `${API}/config/check`,
    summary:
      'What is wrong with a text of objects as if it were in the cluster, by lines; nothing is written',
    query: NoQuery,
    body: { json: CheckBody },
    answer: CheckAnswer,
  },
  {
    method: 'GET',
    path: object,
    summary: 'One object, every field kept',
    query: ConfigQuery,
    params: ConfigPath,
    answer: ConfigDetail,
  },
  {
    method: 'GET',
    path: `${object}/context`,
    summary: 'What surrounds one object: references both ways, traffic, events, rights',
    query: ConfigQuery,
    params: ConfigPath,
    answer: ObjectContext,
  },
  ...(['PUT', 'POST'] as const).map((method): Route => ({
    method,
    path: object,
    summary: method === 'PUT' ? 'Updates one object, as a change' : 'Creates one object, as a change',
    query: ConfigWriteQuery,
    params: ConfigPath,
    body: { json: KubernetesBody, text: 'application/yaml' },
    answer: ApplyAnswer,
  })),
  {
    method: 'DELETE',
    path: object,
    summary: 'Deletes one object, as a change',
    query: ConfigWriteQuery,
    params: ConfigPath,
    answer: ApplyAnswer,
  },
  {
    method: 'GET',
    path: `${API}/changes`,
    summary: 'Changes of configuration, newest first: made through Heddle, and seen made elsewhere',
    query: ChangesQuery,
    answer: ChangeList,
  },
  {
    method: 'GET',
    path: `${API}/changes/{id}`,
    summary: 'One change with its differences',
    query: NoQuery,
    params: ChangePath,
    answer: ChangeDetail,
  },
  {
    method: 'GET',
    path: `${API}/changes/{id}/effect`,
    summary: 'Traffic the change touches, one window before against one after',
    query: ChangeEffectQuery,
    params: ChangePath,
    answer: ChangeEffect,
  },
  {
    method: 'POST',
    path: `${API}/changes/{id}/revert`,
    summary: 'Takes a change back, as a change of its own; 409 when an object changed since',
    query: NoQuery,
    params: ChangePath,
    body: { json: RevertBody, text: 'application/yaml' },
    answer: ApplyAnswer,
  },
  {
    method: 'POST',
    path: `${API}/changes/{id}/revert/preview`,
    summary: 'What taking a change back would do; nothing is written',
    query: NoQuery,
    params: ChangePath,
    answer: PreviewAnswer,
  },
]
