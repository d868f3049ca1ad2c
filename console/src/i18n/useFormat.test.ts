import { expect, test } from 'vitest';

import { formats } from './useFormat';

test('a span is told in the unit that suits it, in the words of the language', () => {
  const { span } = formats('es');
  expect(span(38.4)).toBe('38 ms');
  expect(span(1234)).toBe('1,2 s');
  expect(span(180_000)).toBe('3 min');
  expect(span(-2500)).toBe('\u22122,5 s');
  expect(formats('en').span(1234)).toBe('1.2 s');
});
