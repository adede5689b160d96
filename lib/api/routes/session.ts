import { API } from '../paths'
import { NoQuery } from '../schemas/requests'
import { SessionAnswer, SignInBody } from '../schemas/session'
import type { Route } from './route'

/** Who asks: signing in and out. */
export const session: readonly Route[] = [
  {
    method: 'GET',
    path: `${API}/session`,
    summary: 'Who is signed in, and how one does',
    query: NoQuery,
    answer: SessionAnswer,
  },
  {
    method: 'POST',
    path: `${API}/session`,
    summary: 'Signs in with a bearer token of the Kubernetes API; same-origin requests only',
    query: NoQuery,
    body: { json: SignInBody },
    answer: SessionAnswer,
  },
  {
    method: 'DELETE',
    path: `${API}/session`,
    summary: 'Signs out; same-origin requests only',
    query: NoQuery,
    answer: SessionAnswer,
  },
]
