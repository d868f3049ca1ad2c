// A simulated Cloud API with one customer, and a client of it.

import assert from "node:assert/strict";

import { GraphApiError, WhatsAppClient } from "@kapso/whatsapp-cloud-api";

import { start } from "./simulator.mjs";

export const APP = "634000000000001";
export const SECRET = "sim-app-secret";
export const BUSINESS = "506900000000001";
export const WABA = "102290000000001";
export const NUMBER = "106540000000001";
export const TOKEN = "sim-token";
export const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4);

/** Where messages go: to Ana. */
export const to = { phoneNumberId: NUMBER, to: "+15550001111" };

/** A Cloud API of its own for a file of tests, where nothing takes long. */
export async function startMeta() {
  const meta = await start("serve_whatsapp");
  await meta.admin("/knobs", "PATCH", {
    pace: { sent_ms: [1, 5], delivered_ms: [1, 5], review_ms: [1, 5] },
  });
  const connect = (accessToken) =>
    new WhatsAppClient({ accessToken, baseUrl: meta.url, graphVersion: "v24.0" });
  const customer = (name, phone) => meta.admin("/customers", "POST", { name, phone });
  const ana = await customer("Ana", to.to);
  const thread = async (id) => (await meta.admin(`/phones/${id}`)).messages;
  return {
    ...meta,
    connect,
    client: connect(TOKEN),
    customer,
    ana,
    /** All messages on a customer's phone, oldest first. */
    thread,
    /** One message on Ana's phone. */
    onPhone: async (wamid) => (await thread(ana.id)).find((m) => m.wamid === wamid),
    /** Ana writes, which opens the window. */
    says: (body) => meta.admin(`/customers/${ana.id}/says`, "POST", { type: "text", body }),
  };
}

/** The wamid of an answer whose shape is that of every send. */
export function taken(answer) {
  assert.equal(answer.messagingProduct, "whatsapp");
  assert.equal(answer.contacts.length, 1);
  assert.match(answer.messages[0].id, /^wamid\.[A-Za-z0-9+/=]+$/);
  return answer.messages[0].id;
}

/** Ends the test unless `act` is refused so, and answers the library's error. */
export async function refused(want, act) {
  try {
    await act();
  } catch (error) {
    assert.ok(error instanceof GraphApiError, String(error));
    const { code, httpStatus, category, retry } = error;
    assert.deepEqual({ code, httpStatus, category, retry: retry.action }, want, error.message);
    assert.ok(error.fbtraceId.length > 0);
    return error;
  }
  assert.fail(`nothing was refused with ${want.code}`);
}
