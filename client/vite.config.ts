import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { pdfAssets } from './pdfAssets.ts';

/** What `npm run dev` talks to. */
const server = process.env['STUDYROOMS_URL'] ?? 'http://localhost:3000';

export default defineConfig({
  plugins: [react(), pdfAssets()],
  // Of PDFs; it loads parts of itself when they are needed.
  worker: { format: 'es' },
  build: {
    // light-dark() and friends are left as written.
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    cssTarget: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    sourcemap: false,
    // Inlined assets would need `data:` in the CSP.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    // The server takes requests from its own origin only, so it must see the name we came by.
    proxy: {
      '/api': { target: server, changeOrigin: false },
      '/objects': { target: server, changeOrigin: false },
      '/socket.io': { target: server, changeOrigin: false, ws: true },
    },
  },
  test: {
    // Plain modules run in Node; component tests (.test.tsx) in jsdom.
    projects: [
      {
        extends: true,
        test: { name: 'logic', environment: 'node', include: ['src/**/*.test.ts'] },
      },
      {
        extends: true,
        test: { name: 'components', environment: 'jsdom', include: ['src/**/*.test.tsx'] },
      },
      {
        extends: true,
        // What takes time on a machine with nothing else to do; `npm run timed`.
        test: { name: 'timed', environment: 'node', include: ['src/**/*.timed.ts'] },
      },
    ],
  },
});
