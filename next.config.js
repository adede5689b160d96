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
    // entries come with copies of one bundle, 21 in all: only those of entries that are asked for are loaded
    preloadEntriesOnStart: false,
    optimizePackageImports: ['@mantine/core', '@mantine/hooks', '@mantine/spotlight', '@tabler/icons-react'],
  },
}

export default config
