'use client'

import type { CSSVariablesResolver, ModalProps } from '@mantine/core'
import { createTheme, Tooltip } from '@mantine/core'

const SANS = "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif"
export const MONO = "'JetBrains Mono Variable', ui-monospace, 'SFMono-Regular', Menlo, monospace"

export const theme = createTheme({
  primaryColor: 'iris',
  primaryShade: { light: 6, dark: 5 },
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  defaultRadius: 6,
  // above 1180 px the navigation has its names
  breakpoints: { roomy: '73.8125em' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '28px' },
      h2: { fontSize: '16px', lineHeight: '24px' },
      h3: { fontSize: '14px', lineHeight: '20px' },
      h4: { fontSize: '13px', lineHeight: '20px' },
    },
  },
  colors: {
    iris: [
      '#eeedfd',
      '#dcdbfb',
      '#bab8f6',
      '#9794f1',
      '#7a76ec',
      '#6663e6',
      '#4b48d6',
      '#403db9',
      '#353399',
      '#2a2878',
    ],
    // neutral and a little cool, so that the colours of health are the only ones seen
    dark: [
      '#e8ebf0',
      '#aab3c1',
      '#8b95a5',
      '#5c6675',
      '#3c4553',
      '#252c37',
      '#1a1f28',
      '#14181f',
      '#0d1015',
      '#090b0f',
    ],
    gray: [
      '#f8f9fb',
      '#f3f4f7',
      '#e9ebf0',
      '#dce0e7',
      '#c3c9d3',
      '#9aa3b1',
      '#626c7d',
      '#4d5666',
      '#2d3440',
      '#161a22',
    ],
  },
  components: {
    // no Modal.extend: a page without a dialog does not load one
    Modal: {
      defaultProps: {
        // locking writes a style element, which the content security policy refuses
        lockScroll: false,
        // its header element would be a second banner of the page
        attributes: { header: { role: 'presentation' } },
      } satisfies Partial<ModalProps>,
    },
    // seen on any surface, the page's own grey too
    SegmentedControl: { classNames: { root: 'hd-segments' } },
    Tooltip: Tooltip.extend({
      defaultProps: {
        // who goes by keys is told the same; Escape closes it
        events: { hover: true, focus: true, touch: false },
        openDelay: 350,
        withArrow: true,
        multiline: true,
        maw: 320,
        fz: 'xs',
        p: '6px 10px',
      },
    }),
  },
})

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': 'var(--hd-surface)',
    '--mantine-color-text': 'var(--hd-text)',
    '--mantine-color-dimmed': 'var(--hd-text-3)',
    '--mantine-color-default-border': 'var(--hd-line)',
    '--mantine-color-error': 'var(--hd-failing-text)',
    '--mantine-color-placeholder': 'var(--hd-text-3)',
  },
  dark: {
    '--mantine-color-body': 'var(--hd-surface)',
    '--mantine-color-text': 'var(--hd-text)',
    '--mantine-color-dimmed': 'var(--hd-text-3)',
    '--mantine-color-default-border': 'var(--hd-line)',
    '--mantine-color-error': 'var(--hd-failing-text)',
    '--mantine-color-placeholder': 'var(--hd-text-3)',
  },
})
