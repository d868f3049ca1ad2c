import { expect, test } from 'vitest';

import { chosen } from './language';

test('the address wins over what was kept, and Spanish over nothing', () => {
  expect(chosen('', null)).toBe('es');
  expect(chosen('', 'en')).toBe('en');
  expect(chosen('?lang=pt-BR', 'en')).toBe('pt-BR');
  expect(chosen('?lang=tlh', 'en')).toBe('en');
  expect(chosen('', 'tlh')).toBe('es');
});
