// npm start: install what is missing, build what is stale, serve. With nothing configured: the embedded mesh.
// npm run dev: the same with Next's development server.
import { installDependencies, requireNode } from './steps/install.mjs'
import { buildWhenStale } from './steps/build.mjs'
import { Children, findPort, startApp, startEmbeddedMesh, wantsEmbeddedMesh } from './steps/serve.mjs'
import { runMain } from './steps/say.mjs'

const dev = process.argv.includes('--dev')

await runMain(async () => {
  requireNode()
  const port = await findPort()
  await installDependencies()
  if (!dev) await buildWhenStale()

  const children = new Children()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void children.close(0))

  const embedded = wantsEmbeddedMesh()
  const env = embedded ? await startEmbeddedMesh(children) : {}
  await startApp(children, { port, env, dev })
  console.log(
    `\nHeddle is ready: http://localhost:${port}\n` +
      (embedded
        ? 'It shows the embedded mesh. Set PROMETHEUS_URL to see yours (README). Ctrl-C ends it.'
        : `It reads ${process.env.PROMETHEUS_URL ?? process.env.HEDDLE_CONFIG}. Ctrl-C ends it.`),
  )
})
