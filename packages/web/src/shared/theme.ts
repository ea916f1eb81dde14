import { type CSSVariablesResolver, createTheme } from '@mantine/core'

/** The one theme: calm, neutral, one accent; every pair of colours holds 4.5 to 1 in both schemes. */
export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: 8,
  autoContrast: true,
  cursorType: 'pointer',
  defaultRadius: 'md',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '600' },
  components: {
    // A label may be long in another language or at 200 % zoom: it wraps, it is never cut off.
    Button: {
      styles: {
        root: { height: 'auto', minHeight: 'var(--button-height)', paddingBlock: '0.25rem', alignContent: 'center' },
        label: { whiteSpace: 'normal', height: 'auto', textAlign: 'start' },
        // Without motion, Mantine leaves it to its own transition that never runs.
        loader: { transform: 'translate(-50%, -50%)' },
      },
    },
    InputWrapper: {
      styles: { description: { marginBlock: '0.125rem 0.5rem' } },
      vars: () => ({
        label: {},
        error: {},
        description: { '--input-description-size': 'var(--mantine-font-size-sm)' },
      }),
    },
  },
})

/** Mantine's own dimmed, placeholder and light colours are too faint for small text. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--unlatch-page': 'var(--mantine-color-gray-0)',
    '--unlatch-line': 'var(--mantine-color-gray-4)',
    '--unlatch-accent-text': 'var(--mantine-color-blue-9)',
    '--unlatch-code': 'var(--mantine-color-white)',
    ...lightPairs('9', '1'),
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--unlatch-page': 'var(--mantine-color-dark-8)',
    '--unlatch-line': 'var(--mantine-color-dark-3)',
    '--unlatch-accent-text': 'var(--mantine-color-blue-3)',
    '--unlatch-code': 'var(--mantine-color-dark-8)',
    ...lightPairs('2', undefined),
  },
})

/** Text (and, where given, ground) of the `light` variant, for the colours that carry a state. */
function lightPairs(text: string, ground: string | undefined): Record<string, string> {
  const pairs: Record<string, string> = {}
  for (const colour of ['blue', 'green', 'yellow', 'orange', 'red', 'gray']) {
    // Yellow and green of shade 9 are too light on their own shade 1: orange and black help out.
    pairs[`--mantine-color-${colour}-light-color`] =
      ground !== undefined && (colour === 'yellow' || colour === 'orange' || colour === 'green')
        ? `color-mix(in srgb, var(--mantine-color-${colour}-9) 55%, black)`
        : `var(--mantine-color-${colour}-${text})`
    if (ground !== undefined) pairs[`--mantine-color-${colour}-light`] = `var(--mantine-color-${colour}-${ground})`
  }
  return pairs
}
