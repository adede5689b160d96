/** A request of somebody whom the proxy in front has signed in (`HEDDLE_AUTH=header`); with a body it is a POST of JSON. */
export function userRequest(user: string, path: string, body?: unknown): Request {
  return new Request(`http://heddle.test${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { host: 'heddle.test', 'content-type': 'application/json', 'x-forwarded-user': user },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}
