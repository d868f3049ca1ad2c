// The world behind the mock: three customers, one number, one org. Its clock
// moves only when something happens, so that every run looks the same.

const START = Date.UTC(2026, 0, 15, 15, 4, 0);

/** Enough for an impatient finger to come too early: the page looks once a second. */
const LOOKS_ON_THE_WAY = 5;

export class World {
  cursor = 1;
  #now = START;
  #made = 0;
  #looks = new Map();
  customers = [
    { id: 'ana', name: 'Ana', phone: '+52 55 5550 0101', bsuid: null, known: true },
    { id: 'bruno', name: 'Bruno', phone: '+55 11 5550-0102', bsuid: null, known: false },
    { id: 'carla', name: 'Carla', phone: null, bsuid: 'MX.5550103', known: false },
  ];
  phones = { ana: [], bruno: [], carla: [] };
  traces = [];
  records = {
    leads: [],
    contacts: [record('003000000000001AAA', 'Ana', { MobilePhone: '+52 55 5550 0101' })],
    cases: [],
    conversations: [],
    messages: [],
  };

  state() {
    const { cursor, customers, phones, traces, records } = this;
    return { cursor, customers, phones, traces, records };
  }

  /** Somebody looks: what was looked at often enough on its way is on the phone. */
  look() {
    for (const message of Object.values(this.phones).flat()) {
      if (message.ticks !== 'sent') continue;
      const looks = (this.#looks.get(message.id) ?? 0) + 1;
      this.#looks.set(message.id, looks);
      if (looks === LOOKS_ON_THE_WAY) {
        message.ticks = 'delivered';
        this.cursor += 1;
      }
    }
  }

  send(id, { kind, text = null, latitude, longitude }) {
    if (!this.phones[id]) return { status: 404, title: 'Unknown customer', detail: `No customer ${id}.` };
    const customer = this.customers.find((other) => other.id === id);
    const mine = { id: this.#id('m'), from: 'customer', kind, text, at: this.#tick(60_000), ticks: 'delivered' };
    if (kind === 'location') Object.assign(mine, { latitude, longitude });
    this.phones[id].push(mine);
    const known = this.#person(customer);
    this.#trace('inbound', customer, `${customer.name}: ${text ?? kind}`, [
      ['webhook stored', 'journal 1'],
      ['registered', 'item 1 as message'],
      ['record link', known ? 'contact linked' : 'lead created'],
      ['call to Salesforce', 'message version 1'],
      ['in Salesforce', 'message version 1'],
    ]);
    this.#message(customer, 'Inbound', text ?? kind, 'Received');
    this.cursor += 1;
    return null;
  }

  read(id) {
    for (const message of this.phones[id] ?? []) {
      if (message.from === 'business' && message.ticks === 'delivered') {
        message.ticks = 'read';
        this.records.messages.find(({ id: row }) => row === message.row).fields.Status__c = 'Read';
      }
    }
    this.cursor += 1;
    return null;
  }

  reply({ customerId, text }) {
    const customer = this.customers.find((other) => other.id === customerId);
    if (!customer) return { status: 404, title: 'Unknown customer', detail: `No customer ${customerId}.` };
    if (this.phones[customerId].length === 0) {
      return {
        status: 422,
        title: 'Window closed',
        detail: `${customer.name} has not written in the last 24 hours.`,
        cure: 'Send a template, or wait until the customer writes.',
      };
    }
    const row = this.#message(customer, 'Outbound', text, 'Delivered');
    const message = { id: this.#id('m'), from: 'business', kind: 'text', text, at: this.#tick(45_000), ticks: 'sent', row };
    this.phones[customerId].push(message);
    this.#trace('outbound', customer, text, [
      ['send accepted', 'out_1 in class live'],
      ['call to WhatsApp', 'attempt 1'],
      ['call ended', 'accepted'],
      ['sent', ''],
      ['delivered', ''],
      ['in Salesforce', 'message version 3'],
    ]);
    this.cursor += 1;
    return null;
  }

  /** Whether the person was known; else a lead is made, and in any case a conversation. */
  #person(customer) {
    const { leads, cases, conversations } = this.records;
    const { known } = customer;
    if (!known) {
      const fields = { Company: 'WhatsApp', Status: 'Open', LeadSource: 'WhatsApp', MobilePhone: customer.phone ?? '' };
      leads.unshift(record(this.#id('00Q'), customer.name, fields));
      customer.known = true;
    }
    if (!conversations.some(({ fields }) => fields.Person__c === customer.name)) {
      const row = record(this.#id('500'), `0000${1001 + cases.length}`, {
        Subject: `WhatsApp: ${customer.name}`,
        Status: 'New',
        Origin: 'WhatsApp',
      });
      cases.unshift(row);
      const fields = { Person__c: customer.name, Case__c: row.name, Status__c: 'Open', Window_Expires_At__c: '2026-01-16T15:05:00.000+0000', Key__c: customer.id };
      conversations.unshift(record(this.#id('a0C'), `CV-${1 + conversations.length}`, fields));
    }
    return known;
  }

  #message(customer, direction, text, status) {
    const { messages } = this.records;
    const fields = { Direction__c: direction, Status__c: status, Person__c: customer.name, Text__c: text };
    const row = record(this.#id('a0M'), `MS-${1 + messages.length}`, fields);
    messages.unshift(row);
    return row.id;
  }

  #trace(direction, customer, title, steps) {
    let at = this.#now;
    const timed = steps.map(([what, detail], index) => ({ at: (at += index === 0 ? 0 : 4 + 17 * index), what, detail }));
    const messageId = this.#id('t');
    const wamid = `wamid.${Buffer.from(messageId).toString('base64url')}`;
    this.traces.unshift({ messageId, wamid, direction, customerId: customer.id, title, steps: timed });
  }

  #id(prefix) {
    this.#made += 1;
    return `${prefix}${String(this.#made).padStart(12, '0')}AAA`;
  }

  #tick(ms) {
    this.#now += ms;
    return this.#now;
  }
}

function record(id, name, fields) {
  return { id, name, fields };
}
