import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // Browsers that know light-dark() themselves; rewritten for older ones it loses every colour.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // React, Mantine and the router: one chunk that changes seldom.
    chunkSizeWarningLimit: 700,
  },
  server: {
    // `npm run mock`, or a sandbox of the real binary.
    proxy: { '/demo/api': 'http://127.0.0.1:8080', '/docs': 'http://127.0.0.1:8080' },
  },
  test: { include: ['src/**/*.test.ts'] },
});
