// @kapso/whatsapp-cloud-api, as published, against the simulated Cloud API.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { eventually } from "./simulator.mjs";
import { BUSINESS, JPEG, NUMBER, WABA, refused, startMeta, taken, to } from "./whatsapp.mjs";

let meta;
let client;
let ana;

before(async () => {
  meta = await startMeta();
  ({ client, ana } = meta);
});
after(() => meta?.stop());

describe("messages inside the window", () => {
  const sent = [];
  const send = (kind, call) => async () => {
    const answer = await call();
    sent.push([taken(answer), kind]);
    return answer;
  };
  let question;

  before(async () => {
    question = (await meta.says("hola")).wamid;
  });

  test("sendText", async () => {
    const answer = await send("text", () => client.messages.sendText({ ...to, body: "Hello" }))();
    assert.deepEqual(answer.contacts[0], { input: to.to, waId: ana.wa_id });
  });
  test("sendText: with a tracker, as an answer", async () => {
    const extra = { contextMessageId: question, bizOpaqueCallbackData: "p1.test.1" };
    const body = "See https://example.com";
    await send("text", () =>
      client.messages.sendText({ ...to, ...extra, body, previewUrl: true }),
    )();
    const [[wamid]] = sent.slice(-1);
    const message = await meta.onPhone(wamid);
    assert.deepEqual([message.reply_to, message.tracker], [question, "p1.test.1"]);
  });
  test("sendText: to a business-scoped user id", async () => {
    const recipient = ana.bsuids[BUSINESS];
    const answer = await send("text", () =>
      client.messages.sendText({ phoneNumberId: NUMBER, recipient, body: "Hello again" }),
    )();
    assert.equal(answer.contacts[0].userId, recipient);
  });
  test(
    "sendImage: by link",
    send("image", () =>
      client.messages.sendImage({
        ...to,
        image: { link: "https://example.com/a.jpg", caption: "A photo" },
      }),
    ),
  );
  test(
    "sendDocument: by link",
    send("document", () =>
      client.messages.sendDocument({
        ...to,
        document: { link: "https://example.com/a.pdf", filename: "a.pdf" },
      }),
    ),
  );
  test(
    "sendLocation",
    send("location", () =>
      client.messages.sendLocation({
        ...to,
        location: { latitude: 19.4326, longitude: -99.1332, name: "Office", address: "Centro" },
      }),
    ),
  );
  test(
    "sendContacts",
    send("contacts", () =>
      client.messages.sendContacts({
        ...to,
        contacts: [
          {
            name: { formattedName: "Ana", firstName: "Ana" },
            phones: [{ phone: "+15550002222", type: "WORK" }],
          },
        ],
      }),
    ),
  );
  test(
    "sendReaction",
    send("reaction", () =>
      client.messages.sendReaction({ ...to, reaction: { messageId: question, emoji: "👍" } }),
    ),
  );
  test(
    "sendInteractiveButtons",
    send("interactive", () =>
      client.messages.sendInteractiveButtons({
        ...to,
        bodyText: "Is this right?",
        footerText: "Tap one",
        header: { type: "text", text: "Your visit" },
        buttons: [
          { id: "yes", title: "Yes" },
          { id: "no", title: "No" },
        ],
      }),
    ),
  );
  test(
    "sendInteractiveList",
    send("interactive", () =>
      client.messages.sendInteractiveList({
        ...to,
        bodyText: "When?",
        buttonText: "Choose",
        sections: [{ title: "Monday", rows: [{ id: "mon-9", title: "At nine" }] }],
      }),
    ),
  );
  test(
    "sendInteractiveCtaUrl",
    send("interactive", () =>
      client.messages.sendInteractiveCtaUrl({
        ...to,
        bodyText: "All dates",
        parameters: { displayText: "Open", url: "https://example.com/dates" },
      }),
    ),
  );
  test(
    "sendInteractiveCarousel: with quick replies",
    send("interactive", () =>
      client.messages.sendInteractiveCarousel({
        ...to,
        bodyText: "Which one?",
        cards: ["red", "blue"].map((id, cardIndex) => ({
          cardIndex,
          header: { type: "image", image: { link: `https://example.com/${id}.jpg` } },
          bodyText: `The ${id} one`,
          action: { buttons: [{ id, title: "This one" }] },
        })),
      }),
    ),
  );
  test("markRead: with the typing indicator", async () => {
    const input = { phoneNumberId: NUMBER, messageId: question };
    const answer = await client.messages.markRead({ ...input, typingIndicator: { type: "text" } });
    assert.deepEqual(answer, { success: true });
    assert.deepEqual((await meta.admin(`/phones/${ana.id}`)).typing, [NUMBER]);
  });

  test("the phone shows each of them once, in order and delivered", async () => {
    // Meta tells of a reaction that it was sent, and no more.
    const last = (m) => (m.kind === "reaction" ? "sent" : "delivered");
    const shown = await eventually(async () => {
      const out = (await meta.thread(ana.id)).filter((m) => m.direction === "out");
      return out.every((m) => m.tick === last(m)) && out;
    });
    assert.deepEqual(
      shown.map((m) => [m.wamid, m.kind]),
      sent,
    );
    assert.equal(shown[2].by_bsuid, true);
    assert.deepEqual(shown[3].content, {
      link: "https://example.com/a.jpg",
      caption: "A photo",
    });
    assert.equal(shown[6].content[0].phones[0].phone, "+15550002222");
    assert.equal(shown[7].content.emoji, "👍");
    assert.deepEqual(shown[8].content.action.buttons[1].reply, { id: "no", title: "No" });
    assert.equal((await meta.onPhone(question)).tick, "read");
  });
});

describe("media", () => {
  let id;
  const file = new Blob([JPEG], { type: "image/jpeg" });

  test("upload", async () => {
    const input = { phoneNumberId: NUMBER, type: "image/jpeg", file, fileName: "a.jpg" };
    id = (await client.media.upload(input)).id;
    assert.match(id, /^\d+$/);
  });
  test("get", async () => {
    const about = await client.media.get({ mediaId: id, phoneNumberId: NUMBER });
    assert.equal(about.mimeType, "image/jpeg");
    assert.equal(Number(about.fileSize), JPEG.length);
    assert.ok(about.url.startsWith(meta.url));
  });
  test("download", async () => {
    const bytes = await client.media.download({ mediaId: id, auth: "always" });
    assert.deepEqual(new Uint8Array(bytes), JPEG);
  });
  test("download without the token: 401 and a page", async () => {
    const answer = await client.media.download({ mediaId: id, auth: "never", as: "response" });
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get("content-type"), /^text\/html/);
  });
  test("sendImage: by id", async () => {
    const wamid = taken(await client.messages.sendImage({ ...to, image: { id } }));
    assert.equal((await meta.onPhone(wamid)).content.id, id);
  });
  test("upload without a MIME type: code 100", () =>
    refused({ code: 100, httpStatus: 400, category: "parameter", retry: "fix_and_retry" }, () =>
      client.media.upload({ phoneNumberId: NUMBER, type: "image/jpeg", file: JPEG }),
    ));
  test("upload of another type than declared: code 131053", () =>
    refused({ code: 131053, httpStatus: 400, category: "media", retry: "fix_and_retry" }, () =>
      client.media.upload({
        phoneNumberId: NUMBER,
        type: "image/png",
        file: new Blob([JPEG], { type: "image/png" }),
      }),
    ));
  test("the simulator holds one medium", async () => {
    assert.equal((await meta.admin("/state")).media, 1);
  });
  test("delete", async () => {
    assert.deepEqual(await client.media.delete({ mediaId: id }), { success: true });
    const want = { code: 100, httpStatus: 400, category: "parameter", retry: "fix_and_retry" };
    const error = await refused(want, () => client.media.get({ mediaId: id }));
    assert.equal(error.errorSubcode, 33);
  });
  test("the simulator holds none", async () => {
    assert.equal((await meta.admin("/state")).media, 0);
  });
});

describe("templates", () => {
  const name = "visit_reminder";
  const stored = async () =>
    Object.values((await meta.admin("/state")).templates).filter((t) => t.name === name);

  test("create", async () => {
    const made = await client.templates.create({
      businessAccountId: WABA,
      name,
      language: "en_US",
      category: "UTILITY",
      components: [
        {
          type: "BODY",
          text: "Hello {{1}}, we see you on {{2}} at the office.",
          example: { bodyText: [["Ana", "Monday"]] },
        },
        { type: "FOOTER", text: "Answer to change it" },
      ],
    });
    assert.deepEqual([made.status, made.category], ["PENDING", "UTILITY"]);
  });
  test("list: by name, once it is approved", async () => {
    const listed = await eventually(async () => {
      const { data } = await client.templates.list({ businessAccountId: WABA, name });
      return data[0].status === "APPROVED" && data;
    });
    assert.deepEqual(
      listed.map((t) => [t.name, t.language, t.category]),
      [[name, "en_US", "UTILITY"]],
    );
  });
  test("list: page by page", async () => {
    const total = Object.keys((await meta.admin("/state")).templates).length;
    const seen = new Set();
    let after;
    do {
      const page = await client.templates.list({ businessAccountId: WABA, limit: 2, after });
      page.data.forEach((t) => seen.add(t.id ?? `${t.name}/${t.language}`));
      after = page.paging.next && page.paging.cursors.after;
    } while (after);
    assert.ok(total > 0);
    assert.equal(seen.size, total);
  });
  test("sendTemplate", async () => {
    const parameters = ["Ana", "Monday"].map((text) => ({ type: "text", text }));
    const answer = await client.messages.sendTemplate({
      ...to,
      template: { name, language: { code: "en_US" }, components: [{ type: "body", parameters }] },
    });
    assert.equal(answer.messages[0].messageStatus, "accepted");
    const message = await meta.onPhone(taken(answer));
    assert.deepEqual([message.kind, message.template], ["template", name]);
    assert.match(JSON.stringify(message.content), /Hello Ana, we see you on Monday/);
  });
  test("create and sendTemplate: a login code", async () => {
    const login = { name: "one_time", language: "en_US", category: "AUTHENTICATION" };
    await client.templates.create({
      businessAccountId: WABA,
      ...login,
      components: [
        { type: "BODY", addSecurityRecommendation: true },
        { type: "FOOTER", codeExpirationMinutes: 10 },
        { type: "BUTTONS", buttons: [{ type: "OTP", otpType: "COPY_CODE", text: "Copy" }] },
      ],
    });
    await eventually(async () => {
      const query = { businessAccountId: WABA, name: "one_time" };
      return (await client.templates.list(query)).data[0].status === "APPROVED";
    });
    const parameters = [{ type: "text", text: "123456" }];
    const template = {
      name: "one_time",
      language: { code: "en_US" },
      components: [
        { type: "body", parameters },
        { type: "button", sub_type: "url", index: "0", parameters },
      ],
    };
    const { content } = await meta.onPhone(
      taken(await client.messages.sendTemplate({ ...to, template })),
    );
    assert.match(content.body, /^\*123456\* is your verification code\./);
    assert.match(content.buttons[0].url, /code=otp123456$/);
  });
  test("sendTemplate with a value missing: code 132000", () =>
    refused({ code: 132000, httpStatus: 400, category: "template", retry: "fix_and_retry" }, () =>
      client.messages.sendTemplate({ ...to, template: { name, language: { code: "en_US" } } }),
    ));
  test("sendTemplate in a language it has not: code 132001", async () => {
    const want = { code: 132001, httpStatus: 404, category: "template", retry: "fix_and_retry" };
    const error = await refused(want, () =>
      client.messages.sendTemplate({ ...to, template: { name, language: { code: "fr" } } }),
    );
    assert.equal(error.isTemplateError(), true);
  });
  test("the simulator holds it, approved", async () => {
    assert.deepEqual(
      (await stored()).map((t) => t.status),
      ["APPROVED"],
    );
  });
  test("delete", async () => {
    assert.deepEqual(await client.templates.delete({ businessAccountId: WABA, name }), {
      success: true,
    });
  });
  test("the simulator holds it no more", async () => {
    assert.deepEqual(await stored(), []);
  });
});

describe("the number's profile", () => {
  test("businessProfile.update, then get", async () => {
    const profile = { about: "Open nine to five", websites: ["https://example.com/"] };
    const { businessProfile } = client.phoneNumbers;
    assert.deepEqual(await businessProfile.update({ phoneNumberId: NUMBER, ...profile }), {
      success: true,
    });
    const { data } = await businessProfile.get({
      phoneNumberId: NUMBER,
      fields: "about,websites",
    });
    assert.deepEqual([data[0].about, data[0].websites], [profile.about, profile.websites]);
  });
  test("the simulator holds the profile", async () => {
    const number = (await meta.admin("/state")).numbers[NUMBER];
    assert.equal(number.profile.about, "Open nine to five");
  });
});
