import { ColorSchemeScript, mantineHtmlProps } from '@mantine/core'
import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { preload } from 'react-dom'
import { FOLD_SCRIPT } from '@/components/hooks/fold-script'
import { Providers } from '@/components/layout/Providers'
import '@fontsource-variable/inter/index.css'
import '@fontsource-variable/jetbrains-mono/index.css'
import '@mantine/core/styles.css'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Heddle', template: '%s · Heddle' },
  description: 'Live topology, health and safe changes of a service mesh.',
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f3f4f7' },
    { media: '(prefers-color-scheme: dark)', color: '#0d1015' },
  ],
}

/** the file that the style sheet names for Latin text */
const FONT = new URL('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2', import.meta.url)

export default async function RootLayout({ children }: { children: ReactNode }) {
  // asked for with the page, not after its style sheets: text drawn with a stand-in would move when it comes
  preload(FONT.href, { as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' })
  const nonce = (await headers()).get('x-nonce') ?? undefined
  return (
    <html lang="en" {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript defaultColorScheme="auto" nonce={nonce} />
        {/* browsers hide a nonce from scripts, so what is in the page seems to lack it */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: FOLD_SCRIPT }} />
      </head>
      <body>
        <Providers nonce={nonce}>{children}</Providers>
      </body>
    </html>
  )
}
