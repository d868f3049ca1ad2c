import {
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  Notification,
} from '@mantine/core';

/** From water to deep green: the colour between the two shores. */
const bridge: MantineColorsTuple = [
  '#ebf7f5', '#d6ece8', '#abd9d1', '#7cc5ba', '#57b4a6',
  '#3fa999', '#2a9184', '#157a6e', '#0f6b62', '#0a544d',
];

export const theme = createTheme({
  colors: { bridge },
  primaryColor: 'bridge',
  primaryShade: { light: 8, dark: 7 },
  defaultRadius: 'md',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace',
  headings: { fontWeight: '650' },
  components: {
    Notification: Notification.extend({
      defaultProps: { withBorder: true },
      styles: { description: { color: 'var(--ink)' } },
    }),
  },
});

/** Mantine's own greys for hints fall below the contrast that small text needs. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-placeholder': '#5f6b69', '--mantine-color-dimmed': '#56625f' },
  dark: { '--mantine-color-placeholder': '#9aa8a4', '--mantine-color-dimmed': '#a3b1ad' },
});
