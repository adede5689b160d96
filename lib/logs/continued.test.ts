import { describe, expect, it } from 'vitest'
import { joinContinued } from './continued'
import { levelOf } from './line'

const line = (text: string, atMs = 0, rest: { pod?: string; access?: object } = {}) => ({
  atMs,
  pod: 'a',
  container: 'app',
  level: levelOf(text),
  text,
  access: null as object | null,
  ...rest,
})
const joined = (...texts: string[]) =>
  joinContinued(texts.map((text) => line(text))).map((one) => [one.lines, one.level, one.text.split('\n')[0]])

describe('joinContinued', () => {
  it.each([
    [
      'Java under the line that tells of it',
      [
        '2026-08-20 12:00:00.000 ERROR [reviews,] 1 --- [exec-1] RequestLog : GET / 500',
        'java.lang.IllegalStateException: no rating',
        '\tat com.example.Reviews.get(Reviews.java:97)',
        '\tat java.base/java.lang.Thread.run(Thread.java:1583)',
        'Caused by: java.net.SocketTimeoutException: Read timed out',
        '\t... 12 more',
      ],
    ],
    [
      'Python, one exception raised while another was handled',
      [
        'ERROR:root:request failed',
        'Traceback (most recent call last):',
        '  File "app.py", line 3, in get',
        '    return ratings[0]',
        'IndexError: list index out of range',
        '',
        'During handling of the above exception, another exception occurred:',
        '',
        'Traceback (most recent call last):',
        '  File "app.py", line 9, in main',
        'RuntimeError: no ratings',
      ],
    ],
    [
      'Go',
      [
        'panic: runtime error: invalid memory address or nil pointer dereference',
        '[signal SIGSEGV: segmentation violation code=0x1]',
        '',
        'goroutine 1 [running]:',
        'main.(*Server).handle(0xc000, {0x1, 0x2})',
        '\t/src/main.go:12 +0x1d',
        'created by main.main',
        '\t/src/main.go:5 +0x2a',
        'exit status 2',
      ],
    ],
    [
      'Node, that gives no level',
      [
        "TypeError: Cannot read properties of undefined (reading 'id')",
        '    at get (/app/x.js:1:2)',
        '    at node:internal/process',
      ],
    ],
    [
      '.NET',
      [
        'fail: System.InvalidOperationException: none',
        ' ---> System.Exception: x',
        '   at Shop.Get() in Shop.cs:line 3',
        '   --- End of inner exception stack trace ---',
      ],
    ],
    [
      'PHP',
      [
        'PHP Fatal error: Uncaught Exception: x in /a.php:3',
        'Stack trace:',
        '#0 /a.php(12): f()',
        '#1 {main}',
        '  thrown in /a.php on line 3',
      ],
    ],
  ])('joins a trace of %s', (_, texts) => {
    const last = 'level=info msg="request served"'
    expect(joined(...texts, last)).toEqual([
      [texts.length, 'error', texts[0]],
      [1, 'info', last],
    ])
  })

  it('joins what is written over several lines, and keeps its level', () => {
    expect(joined('level=info msg=config', '{', '  "port": 8080', '}')).toEqual([
      [1, 'info', 'level=info msg=config'],
      [3, null, '{'],
    ])
  })

  it('keeps the level of who tells of an exception, whatever its causes say', () => {
    const texts = [
      'WARN retrying',
      'java.net.ConnectException: refused',
      '\tat a.B.c(B.java:1)',
      'Caused by: x',
    ]
    expect(joined(...texts)).toEqual([[4, 'warning', 'WARN retrying']])
  })

  it('leaves lines alone that begin by themselves', () => {
    const texts = [
      'INFO started',
      'ready',
      'ValueError: seen after no error',
      '  INFO indented, with a level',
      '',
    ]
    expect(joined(...texts).map(([count]) => count)).toEqual([1, 1, 1, 1, 1])
  })

  it('follows each container through the lines of others, and not across a pause', () => {
    const frame = '\tat x.Y.z(Y.java:1)'
    const groups = joinContinued([
      line('ERROR one', 0),
      line('ERROR two', 0, { pod: 'b' }),
      line(frame, 1),
      line(frame, 1, { pod: 'b' }),
      line(frame, 5_000),
    ])
    expect(groups.map(({ pod, lines, text }) => [pod, lines, text])).toEqual([
      ['a', 2, `ERROR one\n${frame}`],
      ['b', 2, `ERROR two\n${frame}`],
      ['a', 1, frame],
    ])
  })

  it('joins nothing to a request of an access log', () => {
    expect(joinContinued([line('[…] "GET /"', 0, { access: {} }), line('  more')])).toHaveLength(2)
  })

  it('takes no time for lines that nobody wrote for people', () => {
    const texts = Array.from({ length: 200 }, () => ['panic: x', '('.repeat(8_000)]).flat()
    // in squares of their length, this would take half a minute
    expect(joinContinued(texts.map((text) => line(text)))).toHaveLength(400)
  })

  it('ends a group that never ends', () => {
    const many = joinContinued(Array.from({ length: 1_200 }, () => line('  indented')))
    expect(many.map(({ lines }) => lines)).toEqual([500, 500, 200])
  })
})
