import type { Step, Trace } from '../api';

export interface Timed extends Step {
  /** Stays the same while steps are added. */
  key: string;
  /** Milliseconds since the bridge took the message; negative for what was there before. */
  after: number;
}

/** Where the bridge takes a message, and where it has done its part. */
const TAKEN = { inbound: 'webhook stored', outbound: 'send accepted' };
const DONE = {
  inbound: ({ what, detail }: Step) => what === 'in Salesforce' && /message/i.test(detail),
  outbound: ({ what }: Step) => what === 'call ended' || what === 'sent',
};

/**
 * Steps in the order they happened, each with its distance from the moment the
 * bridge took the message. `total` is the bridge's own time, null while it is
 * not done: how long the customer took to read is not counted.
 */
export function timeline({ direction, steps }: Pick<Trace, 'direction' | 'steps'>) {
  const ordered = steps.toSorted((a, b) => a.at - b.at);
  const taken = ordered.find(({ what }) => what === TAKEN[direction]) ?? ordered[0];
  const start = taken?.at ?? null;
  const timed: Timed[] = ordered.map((step, at) => ({
    ...step,
    key: `${at} ${step.what}`,
    after: step.at - (start ?? step.at),
  }));
  const done = timed.find((step) => step.after >= 0 && DONE[direction](step));
  return { start, total: done?.after ?? null, steps: timed };
}
