// One headless Chromium, and pages that complain: about console errors, refused
// styles, failed requests, and anything asked of another origin.
import { readFileSync } from 'node:fs';

import { chromium } from 'playwright-core';

const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

export const launch = () =>
  chromium.launch({
    executablePath: process.env.PUENTE_TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** A page at `width`, and the list of what it did wrong so far. */
export async function open(browser, origin, { width, language, scheme = 'light' }) {
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 860 : 900 },
    locale: language,
    timezoneId: 'America/Mexico_City',
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const wrong = [];
  // A refusal that a test provokes is announced in the console too.
  const expected = new Set();
  page.on('console', (message) => {
    const provoked = message.text().includes('status of 4') && expected.has(message.location().url);
    if (['error', 'warning'].includes(message.type()) && !provoked) wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('data:')) wrong.push(`asked another origin: ${url}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && !expected.has(response.url())) {
      wrong.push(`${response.status()} ${response.url()}`);
    }
  });
  return { page, wrong, expect: (path) => expected.add(`${origin}${path}`), close: () => context.close() };
}

/** Serious and critical findings of axe, one line each. */
export async function findings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `axe ${id}: ${nodes.map(({ html }) => html).join(' | ').slice(0, 400)}`);
}
