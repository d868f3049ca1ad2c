// Every page, in every language, at both widths, before and after it was used.
// Against the real bridge where PUENTE_TEST_BINARY names it, else against the mock.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import test from 'node:test';

import { startBridge } from './bridge.mjs';
import { findings, launch, open } from './browser.mjs';
import { startMock } from './mock.mjs';

const FILES = { es: 'es', en: 'en', 'pt-BR': 'pt' };
const WIDTHS = [1440, 420];
const shots = new URL('../../target/screenshots/', import.meta.url).pathname;
mkdirSync(shots, { recursive: true });

const strings = (language) =>
  JSON.parse(readFileSync(new URL(`../src/i18n/${FILES[language]}.json`, import.meta.url), 'utf8'));

const binary = process.env.PUENTE_TEST_BINARY;
const start = () => (binary ? startBridge(binary) : startMock());

const browser = await launch();
test.after(() => browser.close());

for (const language of Object.keys(FILES)) {
  for (const width of WIDTHS) {
    test(`${language} at ${width}`, async () => {
      const { url: origin, stop } = await start();
      const tab = await open(browser, origin, { width, language });
      const shot = (name) => tab.page.screenshot({ path: `${shots}${name}-${language}-${width}.png` });
      try {
        await home(tab, origin, language);
        await shot('home');
        await demo(tab, origin, language, shot);
        assert.deepEqual(tab.wrong, []);
      } finally {
        await tab.close();
        await stop();
      }
    });
  }
}

test('dark', async () => {
  const mock = await startMock();
  const tab = await open(browser, mock.url, { width: 1440, language: 'es', scheme: 'dark' });
  const shot = (name) => tab.page.screenshot({ path: `${shots}${name}-dark.png` });
  try {
    await home(tab, mock.url, 'es');
    await shot('home');
    await demo(tab, mock.url, 'es', shot);
    assert.deepEqual(tab.wrong, []);
  } finally {
    await tab.close();
    await mock.stop();
  }
});

test('a sandbox that stopped, and a page that is not there', async () => {
  const mock = await startMock();
  const { page, close } = await open(browser, mock.url, { width: 420, language: 'es' });
  const words = strings('es');
  try {
    await page.route('**/demo/api/**', (request) => request.abort());
    await page.goto(`${mock.url}/demo`);
    await page.getByRole('alert').getByText(words.demo.lost.text).waitFor();
    assert.deepEqual(await findings(page), []);
    await page.unroute('**/demo/api/**');
    await page.getByRole('textbox', { name: words.demo.phone.write }).waitFor();
    assert.equal(await page.getByRole('alert').count(), 0, 'it comes back by itself');
    await page.goto(`${mock.url}/nowhere`);
    await page.getByRole('heading', { name: words.missing.title }).waitFor();
    assert.deepEqual(await findings(page), []);
  } finally {
    await close();
    await mock.stop();
  }
});

async function home({ page }, origin, language) {
  const { home: words } = strings(language);
  await page.goto(`${origin}/?lang=${language}`);
  await page.getByRole('heading', { level: 1, name: words.title }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), language);
  assert.deepEqual(await findings(page), []);
  await sideways(page);
}

async function demo(tab, origin, language, shot) {
  const { page } = tab;
  const { demo: words } = strings(language);
  const narrow = page.viewportSize().width < 1088;
  await page.goto(`${origin}/demo?lang=${language}`);
  const write = page.getByRole('textbox', { name: words.phone.write, exact: true });
  await write.waitFor();
  // On a narrow page one pane shows at a time.
  const show = async (pane) => {
    if (!narrow) return;
    await page.getByText(words[pane].short, { exact: true }).click();
    await write.waitFor({ state: pane === 'phone' ? 'visible' : 'hidden' });
  };
  assert.deepEqual(await findings(page), []);

  // Another customer is picked, and writes, sends a place and a picture.
  const people = (await page.evaluate(() => fetch('/demo/api/state').then((r) => r.json()))).customers;
  const stranger = people.find(({ known }) => !known);
  await page.getByRole('button', { name: words.phone.pick }).click();
  await shot('demo-customers');
  await page.getByRole('menuitem', { name: stranger.name }).click();

  // A reply before the customer wrote is refused, in words.
  tab.expect('/demo/api/reply');
  await show('records');
  await answer(page, words, stranger, 'Hola');
  await page.getByRole('alert').getByText(words.refused).waitFor();
  await shot('demo-refused');
  assert.deepEqual(await findings(page), []);
  await page.getByRole('button', { name: words.close }).click();
  await page.getByRole('textbox', { name: reply(words, stranger) }).fill('');

  await show('phone');
  await write.fill('¿Tienen mesas para 4? 🙂');
  await page.getByRole('button', { name: words.phone.send, exact: true }).first().click();
  await page.getByRole('log').getByText('¿Tienen mesas para 4? 🙂').waitFor();
  assert.equal(await write.inputValue(), '', 'what was sent leaves the box');
  for (const kind of ['location', 'picture']) {
    await page.getByRole('button', { name: words.phone.attach }).click();
    await page.getByRole('menuitem', { name: words.phone[kind] }).click();
    // the mock has no bytes of a picture and shows the word in its place
    const log = page.getByRole('log');
    const word = log.getByText(words.phone[kind]);
    await word.or(log.getByRole('img', { name: words.phone[kind] })).first().waitFor();
  }

  await show('records');
  await page.getByRole('heading', { name: stranger.name, level: 4 }).first().waitFor();
  await answer(page, words, stranger, 'Claro, ¿a qué hora?');
  await page.getByRole('heading', { name: words.records.messages }).waitFor();
  await page.getByText('Claro, ¿a qué hora?').filter({ visible: true }).last().waitFor();
  if (narrow) await shot('demo-records');
  assert.deepEqual(await findings(page), []);

  await show('bridge');
  await page.getByRole('heading', { name: 'Claro, ¿a qué hora?' }).waitFor();
  if (narrow) await shot('demo-bridge');
  assert.deepEqual(await findings(page), []);

  await show('phone');
  await page.getByRole('log').getByText('Claro, ¿a qué hora?').waitFor();
  if (!narrow) await shot('demo-unread');
  await page.getByRole('button', { name: /1 (mensaje|message|mensagem)/ }).click();
  await page.getByRole('img', { name: words.ticks.read }).waitFor();
  await page.mouse.move(0, 0);
  await shot('demo');
  assert.deepEqual(await findings(page), []);
  await sideways(page);
}

const reply = (words, customer) => words.records.reply.replace('{{name}}', customer.name);

async function answer(page, words, customer, text) {
  const box = page.getByRole('textbox', { name: reply(words, customer) });
  await box.fill(text);
  await box.press('Enter');
}

/** Nothing may stick out to the side; on the narrow page, not on the smallest phone either. */
async function sideways(page) {
  const viewport = page.viewportSize();
  for (const width of viewport.width < 600 ? [viewport.width, 360, 320] : [viewport.width]) {
    await page.setViewportSize({ ...viewport, width });
    const out = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(out <= 0, `at ${width} the page is ${out} pixels too wide`);
  }
  await page.setViewportSize(viewport);
}
