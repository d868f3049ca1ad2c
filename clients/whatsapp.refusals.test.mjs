// What the simulated Cloud API refuses, as @kapso/whatsapp-cloud-api tells it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { GraphApiError } from "@kapso/whatsapp-cloud-api";

import { eventually } from "./simulator.mjs";
import { NUMBER, TOKEN, refused, startMeta, taken, to } from "./whatsapp.mjs";

let meta;
let client;
let ana;

before(async () => {
  meta = await startMeta();
  ({ client, ana } = meta);
});
after(() => meta?.stop());

describe("refusals", () => {
  const text = (more = {}) => client.messages.sendText({ ...to, body: "Hello", ...more });
  let held;
  let paced = 0;
  before(async () => {
    await meta.says("hola");
    held = (await meta.admin("/state")).messages;
  });

  test("a token that nobody issued: code 190", async () => {
    const want = { code: 190, httpStatus: 401, category: "authorization", retry: "refresh_token" };
    const error = await refused(want, () =>
      meta.connect("wrong").messages.sendText({ ...to, body: "Hello" }),
    );
    assert.equal(error.type, "OAuthException");
    assert.deepEqual([error.isAuthError(), error.requiresTokenRefresh()], [true, true]);
  });
  test("a token after a change of password: code 190, subcode 460", async () => {
    await meta.admin(`/tokens/${TOKEN}`, "PATCH", { revoked: 460 });
    const want = { code: 190, httpStatus: 401, category: "authorization", retry: "refresh_token" };
    const error = await refused(want, text);
    assert.equal(error.errorSubcode, 460);
    await meta.admin(`/tokens/${TOKEN}`, "PATCH", { revoked: null });
  });
  test("a number that is not there: code 100, subcode 33", async () => {
    const want = { code: 100, httpStatus: 400, category: "parameter", retry: "fix_and_retry" };
    const error = await refused(want, () => text({ phoneNumberId: "999" }));
    assert.equal(error.errorSubcode, 33);
  });
  test("a body without its text: code 100", async () => {
    const want = { code: 100, httpStatus: 400, category: "parameter", retry: "fix_and_retry" };
    const payload = { messagingProduct: "whatsapp", to: to.to, type: "text" };
    await refused(want, () => client.messages.sendRaw({ phoneNumberId: NUMBER, payload }));
  });
  test("a medium that is not there: code 131009", async () => {
    const want = { code: 131009, httpStatus: 400, category: "parameter", retry: "fix_and_retry" };
    const error = await refused(want, () =>
      client.messages.sendImage({ ...to, image: { id: "1" } }),
    );
    assert.match(error.details, /Media ID 1 /);
  });
  test("the window is closed, told at once: code 131047", async () => {
    const luis = await meta.customer("Luis", "+15550003333");
    await meta.admin("/knobs", "PATCH", { rules: { window_at_once: true } });
    await refused(
      {
        code: 131047,
        httpStatus: 400,
        category: "reengagementWindow",
        retry: "do_not_retry",
      },
      () => text({ to: "+15550003333" }),
    );
    await meta.admin("/knobs", "PATCH", { rules: { window_at_once: false } });
    assert.deepEqual(await meta.thread(luis.id), []);
  });
  test("the window is closed, told later: taken, then failed with 131047", async () => {
    const eva = await meta.customer("Eva", "+15550004444");
    const wamid = taken(await text({ to: "+15550004444" }));
    const failed = await eventually(async () =>
      (await meta.thread(eva.id)).find((m) => m.tick === "failed"),
    );
    assert.deepEqual([failed.wamid, failed.error], [wamid, 131047]);
  });
  test("too many messages to one person: code 131056", async () => {
    await meta.customer("Sol", "+15550005555");
    const want = { code: 131056, httpStatus: 400, category: "throttling", retry: "retry_after" };
    const error = await refused(want, async () => {
      for (; paced < 60; paced += 1) await text({ to: "+15550005555", body: `${paced}` });
    });
    assert.equal(error.isRateLimit(), true);
    assert.ok(paced >= 45, `${paced} is less than one burst`);
  });
  test("Meta is down, with a page instead of JSON: 503", async () => {
    const page = { status: 503, body: "<html></html>", content_type: "text/html" };
    await meta.admin("/faults", "POST", { op: "messages.send", act: { answer: page }, times: 1 });
    await assert.rejects(text(), (error) => {
      assert.ok(error instanceof GraphApiError);
      assert.deepEqual(
        [error.httpStatus, error.code, error.category, error.retry.action],
        [503, 503, "server", "retry"],
      );
      return true;
    });
    await meta.admin("/faults", "DELETE");
  });
  test("sendText whose answer is lost: the phone has it all the same", async () => {
    const before = (await meta.thread(ana.id)).length;
    await meta.admin("/faults", "POST", { op: "messages.send", act: "cut_after", times: 1 });
    await assert.rejects(text({ body: "Lost answer" }), TypeError);
    const [{ fired }] = await meta.admin("/faults", "DELETE");
    const messages = await meta.thread(ana.id);
    assert.deepEqual([fired, messages.length], [1, before + 1]);
    assert.equal(messages.at(-1).content.body, "Lost answer");
  });
  test("the simulator took one for Eva, a burst for Sol and the lost one", async () => {
    assert.equal((await meta.admin("/state")).messages, held + 1 + paced + 1);
  });
});
