import { expect, test } from 'vitest';

import { timeline } from './timeline';

const step = (at: number, what: string, detail = '') => ({ at, what, detail });

test('time runs from where the bridge took the message to where its part was done', () => {
  const { start, total, steps } = timeline({
    direction: 'inbound',
    steps: [
      step(1000, 'webhook stored'),
      step(1250, 'in Salesforce', 'message version 1'),
      step(400, 'in Salesforce', 'person version 1'),
      step(1040, 'registered'),
    ],
  });
  expect(start).toBe(1000);
  expect(total).toBe(250);
  expect(steps.map(({ what, after }) => [what, after])).toEqual([
    ['in Salesforce', -600],
    ['webhook stored', 0],
    ['registered', 40],
    ['in Salesforce', 250],
  ]);
});

test('the time a customer takes to read is not the bridge’s', () => {
  const steps = [step(5000, 'read'), step(100, 'send accepted'), step(160, 'call ended')];
  expect(timeline({ direction: 'outbound', steps }).total).toBe(60);
});

test('what is not done has no total, steps of one instant keep their order, none is no error', () => {
  const steps = [step(5, 'b'), step(5, 'a')];
  const two = timeline({ direction: 'outbound', steps });
  expect(two.steps.map(({ what }) => what)).toEqual(['b', 'a']);
  expect(two.total).toBeNull();
  expect(timeline({ direction: 'inbound', steps: [] })).toEqual({ start: null, total: null, steps: [] });
});
