/** A served request as an application logs it: programs differ in how they write, and some say where they failed. */
import { hashText, type Random } from '@/lib/statistics/random'
import type { LoggedRequest } from './access-line'

const FORMATS = ['json', 'logfmt', 'java', 'klog'] as const

/** The lines about one request, the first of them in the program's format. */
export function applicationLines(request: LoggedRequest, app: string, random: Random): string[] {
  const format = FORMATS[hashText(app) % FORMATS.length] ?? 'json'
  const line = applicationLine(request, app, format, random)
  return format === 'java' && Number(request.code) >= 500 ? [line, ...stackTrace(request, app)] : [line]
}

function applicationLine(
  request: LoggedRequest,
  app: string,
  format: (typeof FORMATS)[number],
  random: Random,
): string {
  const at = new Date(request.startMs + request.durationMs).toISOString()
  const code = Number(request.code)
  const level = code >= 500 ? 'error' : code >= 400 ? 'warn' : 'info'
  const what = code >= 500 ? 'request failed' : code >= 400 ? 'request refused' : 'request served'
  const ms = Math.round(request.durationMs * 10) / 10
  switch (format) {
    case 'json':
      return JSON.stringify({
        time: at,
        level,
        msg: what,
        method: request.method,
        path: request.path,
        status: code,
        durationMs: ms,
        ...(request.traceId === null ? {} : { trace_id: request.traceId }),
      })
    case 'logfmt': {
      const trace = request.traceId === null ? '' : ` trace_id=${request.traceId}`
      return `time=${at} level=${level} msg="${what}" method=${request.method} path=${request.path} status=${code} duration=${ms}ms${trace}`
    }
    case 'java': {
      const trace = request.traceId ?? ''
      return `${at.replace('T', ' ').replace('Z', '')} ${level.toUpperCase().padEnd(5)} [${app},${trace}] 1 --- [exec-${random.int(1, 16)}] RequestLog : ${request.method} ${request.path} ${code} in ${ms} ms`
    }
    case 'klog':
      return `${(level[0] ?? 'i').toUpperCase()}${at.slice(5, 7)}${at.slice(8, 10)} ${at.slice(11, 23)}000       1 server.go:${random.pick([88, 97, 131])}] ${what}: ${request.method} ${request.path} ${code} (${ms}ms)`
  }
}

/** As `Throwable.printStackTrace` writes it. */
function stackTrace({ method, path, code }: LoggedRequest, app: string): string[] {
  const name = `com.example.${app}`
  return [
    `jakarta.ws.rs.ServerErrorException: HTTP ${code} while answering ${method} ${path}`,
    `\tat ${name}.rest.ErrorMapper.toResponse(ErrorMapper.java:48)`,
    `\tat ${name}.rest.Endpoint.invoke(Endpoint.java:142)`,
    '\tat java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(DirectMethodHandleAccessor.java:103)',
    '\tat org.apache.cxf.service.invoker.AbstractInvoker.performInvocation(AbstractInvoker.java:179)',
    '\tat org.apache.cxf.jaxrs.JAXRSInvoker.invoke(JAXRSInvoker.java:201)',
    '\tat java.base/java.lang.Thread.run(Thread.java:1583)',
    `Caused by: java.lang.IllegalStateException: no value for ${path}`,
    `\tat ${name}.store.Store.lambda$find$2(Store.java:87)`,
    '\tat java.base/java.util.Optional.orElseThrow(Optional.java:403)',
    `\tat ${name}.store.Store.find(Store.java:87)`,
    `\tat ${name}.rest.Endpoint.answer(Endpoint.java:97)`,
    '\t... 5 more',
  ]
}
