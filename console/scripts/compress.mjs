// Puts a `.br` beside each built file, so that the server never compresses.
// index.html is left out: the server writes a nonce into it on each answer.
// Then weighs the first page, which has a budget.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url).pathname;
const worth = /\.(js|css|svg|json|txt)$/;

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !worth.test(path)) continue;
  const body = readFileSync(path);
  const small = brotliCompressSync(body, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
    },
  });
  if (small.length < body.length) writeFileSync(`${path}.br`, small);
}

// What every first visit loads, before any page of its own.
const FIRST_PAGE_KB_MAX = 300;
const html = readFileSync(join(dist, 'index.html'), 'utf8');
const first = [...html.matchAll(/"\/(assets\/[^"]+)"/g)].map(([, file]) => join(dist, file));
const sizes = first.map((file) => gzipSync(readFileSync(file)).length);
const kb = Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1024);
console.log(`first page: ${kb} KB gzipped of ${FIRST_PAGE_KB_MAX} allowed`);
if (kb > FIRST_PAGE_KB_MAX || first.length === 0) process.exit(1);
