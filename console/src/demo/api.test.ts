import { afterEach, expect, test, vi } from 'vitest';

import { fetchState, Refused, replyFromSalesforce, type State } from './api';

const state: State = {
  cursor: 'a/7',
  customers: [],
  phones: {},
  traces: [],
  records: { leads: [], contacts: [], cases: [], conversations: [], messages: [] },
};

const answers = (answer: Response) => {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => answer);
  vi.stubGlobal('fetch', fetch);
  return fetch;
};

afterEach(() => vi.unstubAllGlobals());

test('a 204 keeps the state that is shown, and asks by its cursor', async () => {
  const fetch = answers(new Response(null, { status: 204 }));
  expect(await fetchState(state, new AbortController().signal)).toBe(state);
  expect(fetch.mock.calls[0]?.[0]).toBe('/demo/api/state?after=a%2F7');
});

test('a refusal speaks in the words of the answer, cure included', async () => {
  const problem = { title: 'Refused', detail: 'The window is closed.', cure: 'Send a template.' };
  answers(Response.json(problem, { status: 422 }));
  const sent = replyFromSalesforce({ customerId: 'ana', text: 'Hola' });
  await expect(sent).rejects.toThrow(new Refused('The window is closed. Send a template.'));
});

test('an answer without words is told by its number', async () => {
  answers(new Response('<html>', { status: 502 }));
  await expect(replyFromSalesforce({ customerId: 'ana', text: 'x' })).rejects.toThrow('HTTP 502');
});
