// A stand-in for `puente sandbox`: the built pages with the real security
// headers, and the demo's API over a small world in memory. For work on the
// pages without the binary; the promises are tested against the real one.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

import { World } from './world.mjs';

const dist = new URL('../dist/', import.meta.url).pathname;
const types = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

const csp = (nonce) =>
  [
    "default-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Serves on a free port (or `port`); gives the address and a way to stop. */
export async function startMock({ port = 0 } = {}) {
  const world = new World();
  const server = createServer(async (request, response) => {
    try {
      const { pathname, searchParams } = new URL(request.url, 'http://mock');
      if (pathname.startsWith('/demo/api/')) await api(world, request, response, pathname, searchParams);
      else page(response, pathname);
    } catch (error) {
      json(response, 500, { title: 'The mock failed', detail: String(error) });
    }
  });
  await new Promise((listening) => server.listen(port, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((stopped) => server.close(stopped) && server.closeAllConnections()),
  };
}

async function api(world, request, response, pathname, params) {
  if (pathname === '/demo/api/state') {
    world.look();
    if (params.get('after') === String(world.cursor)) return response.writeHead(204).end();
    return json(response, 200, world.state());
  }
  const body = await read(request);
  const [, customerId, act] = /^\/demo\/api\/phones\/([^/]+)\/(send|read)$/.exec(pathname) ?? [];
  const refused = (() => {
    if (act === 'send') return world.send(customerId, body);
    if (act === 'read') return world.read(customerId);
    if (pathname === '/demo/api/reply') return world.reply(body);
    return { status: 404, title: 'Not found' };
  })();
  if (refused) return json(response, refused.status, refused);
  return json(response, 202, {});
}

function page(response, pathname) {
  const file = join(dist, normalize(pathname));
  if (extname(pathname) !== '') {
    try {
      const body = readFileSync(file);
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
      return response.end(body);
    } catch {
      return response.writeHead(404).end();
    }
  }
  const nonce = randomBytes(16).toString('base64');
  const html = readFileSync(join(dist, 'index.html'), 'utf8').replaceAll('__NONCE__', nonce);
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': csp(nonce),
    'cache-control': 'no-store',
  });
  return response.end(html);
}

async function read(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}

function json(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { url } = await startMock({ port: 8080 });
  console.log(`the mock of the sandbox serves ${url}/demo`);
}
