import { expect, test } from 'vitest';

import { fieldLabel, instant, shownFields, signature } from './fields';

test.each([
  ['LastName', 'Last Name'],
  ['Status__c', 'Status'],
  ['Puente_Window_Ends__c', 'Window Ends'],
  ['ns__Puente_Key__c', 'Key'],
  ['Puente_Person__r', 'Person'],
  ['MobilePhone', 'Mobile Phone'],
])('%s is shown as %s', (key, label) => {
  expect(fieldLabel(key)).toBe(label);
});

test('the chief fields come first in their order, empty ones and the name not at all', () => {
  const fields = { Key__c: 'k', Text__c: 'Hola', Name: 'WM-1', Phone: '', ns__Direction__c: 'Inbound' };
  expect(shownFields({ id: '1', name: 'WM-1', fields })).toEqual({
    chief: [['ns__Direction__c', 'Inbound'], ['Text__c', 'Hola']],
    others: [['Key__c', 'k']],
  });
});

test('a date is told from a text that looks like one', () => {
  expect(instant('2026-01-15T15:04:00.000+0000')).toBe(Date.UTC(2026, 0, 15, 15, 4));
  expect(instant('2026-01-15T15:04:00Z')).toBe(Date.UTC(2026, 0, 15, 15, 4));
  expect(instant('2026-01-15')).toBeNull();
  expect(instant('2026-99-99T99:99:99Z')).toBeNull();
  expect(instant('Hola')).toBeNull();
});

test('a signature follows values and not the order of fields', () => {
  const one = { id: '1', name: 'Ana', fields: { A: '1', B: '2' } };
  expect(signature(one)).toBe(signature({ ...one, fields: { B: '2', A: '1' } }));
  expect(signature(one)).not.toBe(signature({ ...one, fields: { A: '1', B: '3' } }));
});
