/** Spans that programs make themselves, as OpenTelemetry's agents do, and what these write when a request fails. */
import type { EndpointSpec, SimulatedSpan } from '@/lib/demo/model'

type Tracer = NonNullable<SimulatedSpan['program']>['tracer']
type Event = NonNullable<SimulatedSpan['events']>[number]

/** Why a program answered with a failure. */
export interface Failed {
  /** host of the call that failed it; null: its own doing */
  callee: string | null
  /** what came of that call; empty for its own */
  code: string
  flags: string
}

/** Name of the span that handles a request. */
export function handlerOf({ method, path }: EndpointSpec, app: string, tracer: Tracer): string {
  if (tracer === 'go') return `${app}/http.(*Server).${method === 'POST' ? 'create' : 'get'}`
  const name = app.charAt(0).toUpperCase() + app.slice(1)
  return `${name}Resource.${method.toLowerCase()} ${path.replace(/\/\d+/g, '/{id}')}`
}

/** The exception as an event of the span. https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/ */
export function failureEvent(tracer: Tracer, failed: Failed, at: { app: string; atMs: number }): Event {
  const { type, message } = exceptionOf(tracer, failed)
  return {
    atMs: at.atMs,
    name: 'exception',
    fields: {
      'exception.type': type,
      'exception.message': message,
      'exception.stacktrace': stackOf(tracer, `${type}: ${message}`, at.app, failed.callee !== null),
      'exception.escaped': 'false',
    },
  }
}

function exceptionOf(tracer: Tracer, { callee, code, flags }: Failed): { type: string; message: string } {
  if (callee === null) {
    return tracer === 'java'
      ? {
          type: 'java.lang.NullPointerException',
          message: 'Cannot invoke "Review.getStars()" because the return value of "Map.get(Object)" is null',
        }
      : { type: '*errors.errorString', message: 'invalid state: amount is below zero' }
  }
  const isCut = flags.includes('UT') || code === '504'
  if (tracer === 'java') {
    return isCut
      ? { type: 'java.net.SocketTimeoutException', message: `Read timed out: GET http://${callee}` }
      : { type: 'javax.ws.rs.ServerErrorException', message: `HTTP ${code} from http://${callee}` }
  }
  return isCut
    ? { type: 'context.deadlineExceededError', message: `call ${callee}: context deadline exceeded` }
    : { type: '*http.StatusError', message: `call ${callee}: unexpected status ${code || 'none'}` }
}

function stackOf(tracer: Tracer, first: string, app: string, isCall: boolean): string {
  if (tracer === 'go') {
    return [
      'goroutine 214 [running]:',
      ...(isCall ? [`${app}/client.(*Client).Do(0xc0001a2000)`, `\t/src/client/client.go:88`] : []),
      `${app}/http.(*Server).handle(0xc00012e0c0)`,
      '\t/src/http/server.go:131',
      'net/http.HandlerFunc.ServeHTTP(...)',
      '\t/usr/local/go/src/net/http/server.go:2294',
    ].join('\n')
  }
  const type = `com.example.${app}`
  return [
    first,
    ...(isCall ? [`\tat ${type}.client.RemoteClient.get(RemoteClient.java:61)`] : []),
    `\tat ${type}.rest.LibertyRestEndpoint.bookReviewsById(LibertyRestEndpoint.java:${isCall ? 142 : 97})`,
    '\tat java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(DirectMethodHandleAccessor.java:103)',
    '\tat org.apache.cxf.service.invoker.AbstractInvoker.performInvocation(AbstractInvoker.java:179)',
    '\tat java.base/java.lang.Thread.run(Thread.java:1583)',
  ].join('\n')
}
