import type { PhoneMessage } from '../api';

/** How many messages opening the chat would read: only what is on the phone by now. */
export const unread = (messages: PhoneMessage[]) =>
  messages.filter(({ from, ticks }) => from === 'business' && ticks === 'delivered').length;
