import type { SfRecord } from '../api';

/** Changes when anything of the record does. */
export const signature = (record: SfRecord) =>
  JSON.stringify([record.id, record.name, Object.entries(record.fields).toSorted()]);

/** What tells most about a record, in the order of telling. */
const CHIEF = [
  'Subject', 'FirstName', 'LastName', 'Company', 'MobilePhone', 'Phone', 'Email', 'Status',
  'Origin', 'LeadSource', 'Direction__c', 'Status__c', 'Type__c', 'Text__c', 'Latitude__c',
  'Longitude__c', 'Error_Text__c', 'Opened_At__c', 'Window_Expires_At__c', 'Delivered_At__c', 'Read_At__c',
];

type Field = [name: string, value: string];

/** A custom field's name without the package's prefix: `ns__Text__c` becomes `Text__c`. */
export const bare = (name: string) => name.replace(/^[A-Za-z0-9]+__(?=.+__[cr]$)/, '');

/** The fields that have a value, the chief ones apart; the name stands above them already. */
export function shownFields({ fields }: SfRecord): { chief: Field[]; others: Field[] } {
  const some = Object.entries(fields).filter(([name, value]) => name !== 'Name' && value !== '');
  const rank = ([name]: Field) => CHIEF.indexOf(bare(name));
  return {
    chief: some.filter((field) => rank(field) >= 0).toSorted((a, b) => rank(a) - rank(b)),
    others: some.filter((field) => rank(field) < 0),
  };
}

/** A date with its time, as Salesforce writes it; null for anything else. */
export const instant = (value: string) => {
  const dated = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/.test(value);
  const ms = dated ? Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
};

/** An API name for people: `Puente_Window_Ends__c` becomes `Window Ends`. */
export const fieldLabel = (key: string) =>
  bare(key)
    .replace(/__[cr]$/, '')
    .replace(/^Puente_/, '')
    .replaceAll('_', ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2');
