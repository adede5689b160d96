/** The direction of imports (docs/architecture.md): app → components, server → clients → pure. */
const PURE =
  '^lib/(alerts|slo|units|mesh|istio|trace|graph|health|validation|changes|incidents|statistics|logs|proxy)/'
const CLIENTS = '^lib/(prometheus|jaeger|tempo|kubernetes|alertmanager|http)/'
const TESTS = '\\.test\\.tsx?$'

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

module.exports = {
  forbidden: [
    forbid(
      'no-cycles',
      'Two files that need each other are one concept or miss a third.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid(
      'pure-stays-pure',
      'Pure folders import pure folders only.',
      { path: PURE, pathNot: TESTS },
      { path: '^(app|components|lib|tests|scripts)/', pathNot: PURE },
    ),
    forbid(
      'units-first',
      'units knows nothing of meshes.',
      { path: '^lib/units/', pathNot: TESTS },
      { path: '^lib/', pathNot: '^lib/units/' },
    ),
    forbid(
      'mesh-second',
      'mesh knows units only.',
      { path: '^lib/mesh/', pathNot: TESTS },
      { path: '^lib/', pathNot: '^lib/(units|mesh)/' },
    ),
    forbid(
      'clients-apart',
      'Client folders use pure folders, never each other.',
      { path: '^lib/(prometheus|jaeger|tempo|kubernetes|alertmanager)/', pathNot: TESTS },
      { path: '^(app|components|lib)/', pathNot: `${PURE}|^lib/http/|^lib/api/schemas/|^lib/$1/` },
    ),
    forbid(
      'components-see-no-server',
      'Components use lib/api and pure folders.',
      { path: '^components/', pathNot: TESTS },
      { path: `^lib/(server|demo)/|${CLIENTS}|^app/` },
    ),
    forbid(
      'app-is-thin',
      'Routes and pages call use cases and components.',
      { path: '^app/' },
      { path: `^lib/demo/|${CLIENTS}` },
    ),
    forbid(
      'demo-is-apart',
      'The embedded mesh is another program; only the start and tests know it.',
      { path: '^(app|components|lib/(?!demo/))', pathNot: TESTS },
      { path: '^lib/demo/' },
    ),
    forbid(
      'demo-uses-pure',
      'The embedded mesh is made of pure parts.',
      { path: '^lib/demo/', pathNot: TESTS },
      { path: '^(app|components|lib)/', pathNot: `${PURE}|^lib/demo/|^lib/api/schemas/` },
    ),
    forbid(
      'server-below-app',
      'The server knows no component.',
      { path: '^lib/', pathNot: TESTS },
      { path: '^(app|components)/' },
    ),
    forbid(
      'no-dev-dependencies',
      'What ships may use dependencies only.',
      { path: '^(app|components|lib)/', pathNot: TESTS },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    ),
    forbid('not-resolvable', 'An import must resolve.', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
