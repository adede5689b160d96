import next from 'eslint-config-next/core-web-vitals'
import prettier from 'eslint-config-prettier'
import tseslint from 'typescript-eslint'

/** What makes a function's answer depend on more than its arguments. */
const IMPURE = [
  { name: 'fetch', message: 'Pure folders do not reach the network; a client folder does.' },
  { name: 'process', message: 'Environment is parsed once, in lib/server/config.ts.' },
  { name: 'setTimeout', message: 'Pure folders have no timers.' },
  { name: 'setInterval', message: 'Pure folders have no timers.' },
  { name: 'console', message: 'Pure folders do not log.' },
]
const IMPURE_CALLS = [
  { object: 'Date', property: 'now', message: 'The caller passes `now`.' },
  { object: 'Math', property: 'random', message: 'The caller passes a source of randomness.' },
]

export default tseslint.config(
  {
    ignores: [
      '.next*/**',
      'node_modules/**',
      'next-env.d.ts',
      'test-results/**',
      'playwright-report/**',
      'public/**',
    ],
  },
  ...next,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strict],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['../../../*'], message: 'Use @/ across folders.' }] },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': [
        'error',
        {
          // Next bundles each route apart: clients that live as long as the process throw another copy's class
          selector: "BinaryExpression[operator='instanceof'][right.name='UpstreamError']",
          message: 'Use isUpstreamError.',
        },
      ],
    },
  },
  {
    files: [
      'lib/{alerts,slo,units,mesh,istio,graph,health,validation,trace,changes,incidents,statistics,logs,proxy}/**/*.ts',
    ],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', ...IMPURE],
      'no-restricted-properties': ['error', ...IMPURE_CALLS],
    },
  },
  {
    // the time one looks at goes along from page to page; a saved view has its own, and news is of now
    files: ['components/**/*.tsx'],
    ignores: [
      'components/layout/PageLink.tsx',
      'components/saved-views/ViewRow.tsx',
      'components/notifications/NewsDrawer.tsx',
    ],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['../../../*'], message: 'Use @/ across folders.' }],
          paths: [{ name: 'next/link', message: 'Use PageLink of components/layout/PageLink.' }],
        },
      ],
    },
  },
  {
    files: ['**/*.test.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['../../../*'], message: 'Use @/ across folders.' }],
          paths: [{ name: 'fast-check', message: 'Use tests/support/chance: the same input in every run.' }],
        },
      ],
    },
  },
  {
    // Playwright's fixtures call `use`, which is no hook
    files: ['tests/**/*.ts'],
    rules: {
      'react-hooks/rules-of-hooks': 'off',
      '@typescript-eslint/no-invalid-void-type': ['error', { allowInGenericTypeArguments: true }],
    },
  },
  prettier,
)
