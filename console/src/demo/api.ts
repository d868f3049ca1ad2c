/**
 * The demo's own JSON API, served by `puente sandbox` on the same origin.
 *
 * All times are Unix milliseconds. Errors are problem+json:
 * `{ title, detail?, cure? }`, where `detail` and `cure` are for people.
 */

export type Ticks = 'pending' | 'sent' | 'delivered' | 'read' | 'failed';

/** Somebody with a phone. `phone` is null for who shows only a business-scoped id. */
export interface Customer {
  id: string;
  name: string;
  phone: string | null;
  bsuid: string | null;
  /** Whether Salesforce has a record of this person by now. */
  known: boolean;
}

/** One message as the customer's phone shows it. */
export interface PhoneMessage {
  id: string;
  from: 'customer' | 'business';
  /** `text`, `image`, `location`, or another kind of the Cloud API. */
  kind: string;
  text: string | null;
  at: number;
  ticks: Ticks | null;
  /** Why it failed, for people. */
  error?: string | null;
  latitude?: number | null;
  longitude?: number | null;
  /** On the same origin. */
  mediaUrl?: string | null;
}

/** What the bridge did with one message, first step first. */
export interface Trace {
  messageId: string;
  wamid: string | null;
  direction: 'inbound' | 'outbound';
  customerId: string | null;
  title: string;
  steps: Step[];
}

export interface Step {
  at: number;
  /** A code such as `stored`; shown in the reader's language where it is known (`steps.*`). */
  what: string;
  detail: string;
}

/** A row of Salesforce: API names to what a page would show. */
export interface SfRecord {
  id: string;
  name: string;
  fields: Record<string, string>;
}

export interface Records {
  leads: SfRecord[];
  contacts: SfRecord[];
  cases: SfRecord[];
  conversations: SfRecord[];
  messages: SfRecord[];
}

export interface State {
  /** Names this state; given back as `after`, it is answered 204 while nothing changed. */
  cursor: string | number;
  customers: Customer[];
  phones: Record<string, PhoneMessage[]>;
  /** Newest first. */
  traces: Trace[];
  records: Records;
}

export type Sending =
  | { kind: 'text'; text: string }
  | { kind: 'location'; latitude: number; longitude: number; text?: string }
  | { kind: 'image'; text?: string };

/** To a conversation where there is one, else to the customer. */
export type Reply = { text: string } & ({ conversationId: string } | { customerId: string });

/** An answer that was no success; the message is for people. */
export class Refused extends Error {}

/** The whole state, or `last` while nothing changed. */
export async function fetchState(last: State | undefined, signal: AbortSignal): Promise<State> {
  const query = last ? `?after=${encodeURIComponent(last.cursor)}` : '';
  const answer = await fetch(`/demo/api/state${query}`, { signal });
  if (answer.status === 204 && last) return last;
  if (!answer.ok) throw await refusal(answer);
  return answer.json();
}

/** The customer sends something from the phone. */
export const sendFromPhone = (customerId: string, sending: Sending) =>
  post(`/demo/api/phones/${encodeURIComponent(customerId)}/send`, sending);

/** The customer looks at the phone: what was delivered is now read. */
export const readOnPhone = (customerId: string) =>
  post(`/demo/api/phones/${encodeURIComponent(customerId)}/read`, {});

/** An agent answers from Salesforce. */
export const replyFromSalesforce = (reply: Reply) => post('/demo/api/reply', reply);

async function post(path: string, body: unknown): Promise<void> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw await refusal(answer);
}

async function refusal(answer: Response): Promise<Refused> {
  const problem: unknown = await answer.json().catch(() => null);
  const words = ['detail', 'cure'].flatMap((key) => said(problem, key));
  const title = said(problem, 'title');
  return new Refused((words.length > 0 ? words : title).join(' ') || `HTTP ${answer.status}`);
}

function said(problem: unknown, key: string): string[] {
  if (typeof problem !== 'object' || problem === null) return [];
  const value = (problem as Record<string, unknown>)[key];
  return typeof value === 'string' && value !== '' ? [value] : [];
}
