import { expect, test } from 'vitest';

import type { PhoneMessage, Ticks } from '../api';
import { unread } from './unread';

const message = (from: PhoneMessage['from'], ticks: Ticks): PhoneMessage => ({
  id: `${from} ${ticks}`,
  from,
  kind: 'text',
  text: 'Hola',
  at: 0,
  ticks,
});

test.each([
  ['pending', 0],
  ['sent', 0],
  ['delivered', 1],
  ['read', 0],
  ['failed', 0],
] as const)('a message that is %s counts %i', (ticks, count) => {
  expect(unread([message('business', ticks)])).toBe(count);
});

test('what the customer wrote is never unread', () => {
  expect(unread([message('customer', 'delivered')])).toBe(0);
});
