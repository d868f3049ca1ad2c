// Webhooks of the simulated Cloud API, as @kapso/whatsapp-cloud-api reads them.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";

import { normalizeWebhook, verifySignature } from "@kapso/whatsapp-cloud-api/server";

import { eventually } from "./simulator.mjs";
import { APP, BUSINESS, NUMBER, SECRET, startMeta, taken, to } from "./whatsapp.mjs";

let meta;
let client;
let ana;

before(async () => {
  meta = await startMeta();
  ({ client, ana } = meta);
});
after(() => meta?.stop());

describe("webhooks", () => {
  const got = [];
  let listener;
  let url;

  before(async () => {
    listener = createServer((request, response) => {
      const query = new URL(request.url, "http://localhost").searchParams;
      if (request.method === "GET") {
        const known = query.get("hub.verify_token") === "from-the-test";
        return response.writeHead(known ? 200 : 403).end(query.get("hub.challenge"));
      }
      const parts = [];
      request.on("data", (part) => parts.push(part));
      request.on("end", () => {
        const signature = request.headers["x-hub-signature-256"];
        got.push({ raw: Buffer.concat(parts), signature });
        response.writeHead(200).end();
      });
    });
    await new Promise((resolve) => listener.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${listener.address().port}/messages`;
  });
  after(() => listener.close());

  /** The first webhook in which `pick` finds something, as the library reads it. */
  const heard = (pick) =>
    eventually(() => got.map((g) => normalizeWebhook(JSON.parse(g.raw))).find(pick));

  test("request: a subscription, proved by the handshake", async () => {
    const answer = await meta.connect(`${APP}|${SECRET}`).request("POST", `${APP}/subscriptions`, {
      body: new URLSearchParams({
        object: "whatsapp_business_account",
        callback_url: url,
        verify_token: "from-the-test",
        fields: "messages",
      }),
      responseType: "json",
    });
    assert.deepEqual(answer, { success: true });
    assert.equal((await meta.admin("/state")).apps[APP].callback_url, url);
  });
  test("normalizeWebhook: what a customer says", async () => {
    const { wamid } = await meta.says("¿Está abierto? 👋");
    const hook = await heard((h) => h.messages.some((m) => m.id === wamid));
    const [message] = hook.messages;
    assert.equal(hook.phoneNumberId, NUMBER);
    assert.equal(message.text.body, "¿Está abierto? 👋");
    assert.equal(message.kapso.direction, "inbound");
    assert.equal(message.fromUserId, ana.bsuids[BUSINESS]);
    assert.equal(hook.contacts[0].profile.name, "Ana");
  });
  test("normalizeWebhook: a tapped button", async () => {
    const asked = taken(
      await client.messages.sendInteractiveButtons({
        ...to,
        bodyText: "Shall we call?",
        buttons: [{ id: "call", title: "Call me" }],
      }),
    );
    await eventually(async () => (await meta.onPhone(asked)).tick === "delivered");
    const { wamid } = await meta.admin(`/customers/${ana.id}/taps`, "POST", { message: asked });
    const hook = await heard((h) => h.messages.some((m) => m.id === wamid));
    const [{ interactive, context }] = hook.messages;
    assert.deepEqual(interactive.buttonReply, { id: "call", title: "Call me" });
    assert.equal(context.id, asked);
  });
  test("normalizeWebhook: sent and delivered, with the tracker", async () => {
    const bizOpaqueCallbackData = "p1.test.2";
    const wamid = taken(
      await client.messages.sendText({ ...to, body: "On our way", bizOpaqueCallbackData }),
    );
    for (const word of ["sent", "delivered"]) {
      const fits = (s) => s.id === wamid && s.status === word;
      const hook = await heard((h) => h.statuses.some(fits));
      assert.equal(hook.statuses.find(fits).bizOpaqueCallbackData, bizOpaqueCallbackData);
    }
  });
  test("verifySignature: every one of them, and none that was touched", () => {
    assert.ok(got.length >= 4);
    for (const { raw: rawBody, signature: signatureHeader } of got) {
      assert.equal(verifySignature({ appSecret: SECRET, rawBody, signatureHeader }), true);
      assert.equal(verifySignature({ appSecret: "other", rawBody, signatureHeader }), false);
      const touched = { rawBody: Buffer.concat([rawBody, Buffer.from(" ")]), signatureHeader };
      assert.equal(verifySignature({ appSecret: SECRET, ...touched }), false);
    }
  });
  test("the simulator counts each webhook as taken, at the first attempt", async () => {
    const deliveries = await eventually(async () => {
      const all = await meta.admin("/deliveries");
      return all.length === got.length && all;
    });
    assert.ok(deliveries.every((d) => d.url === url && d.status === 200 && d.attempt === 1));
    assert.equal((await meta.admin("/tally")).dropped, 0);
  });
});
