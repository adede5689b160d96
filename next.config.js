/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // builds side by side (browser tests, bench) keep out of each other's way
  distDir: process.env.HEDDLE_DIST_DIR ?? '.next',
  // types are checked by `npm run check` and `npm test`; a start need not wait for them again
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['@kubernetes/client-node', 'prom-client', 'undici'],
  experimental: {
    // a process keeps the code of what was asked for, not of every page there is
    preloadEntriesOnStart: false,
    // minified, all of a graph's making is one function that runs once a graph: too seldom to be compiled well
    serverMinification: false,
    optimizePackageImports: ['@mantine/core', '@mantine/hooks', '@mantine/spotlight', '@tabler/icons-react'],
  },
}

export default config
