// jsforce, as published, against the simulated org.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { APP, PERSON, VERSION, refused, signIn, startOrg } from "./salesforce.mjs";

let org;
let conn;

before(async () => {
  org = await startOrg();
  conn = org.conn;
});
after(() => org?.stop());

const key = (n) => `person-${String(n).padStart(4, "0")}`;

describe("signing in", () => {
  test("authorize: client credentials", async () => {
    const user = await signIn(conn);
    assert.match(user.id, /^005\w{12,15}$/);
    assert.match(user.organizationId, /^00D\w{12,15}$/);
    assert.equal(conn.instanceUrl, org.url);
  });

  test("identity", async () => {
    const who = await conn.identity();
    assert.equal(who.username, "integration@acme.example");
    assert.equal(who.organization_id, conn.userInfo.organizationId);
  });

  test("authorize with a wrong secret: invalid_client", async () => {
    const stranger = org.connection({ ...APP, clientSecret: "wrong" });
    await assert.rejects(signIn(stranger), {
      name: "invalid_client",
      message: "invalid client credentials",
    });
    assert.equal(stranger.accessToken, undefined);
  });

  test("request after the session ended: INVALID_SESSION_ID", async () => {
    const token = conn.accessToken;
    await org.admin("/sessions/invalidate", "POST");
    await refused("INVALID_SESSION_ID", () => org.bearing(token).limits());
  });

  test("request after the session ended, with a refresh function: asked again", async () => {
    let refreshes = 0;
    const lasting = org.connection(APP, {
      refreshFn: async (self, done) => {
        refreshes += 1;
        await signIn(self);
        done(null, self.accessToken);
      },
    });
    await signIn(lasting);
    await org.admin("/sessions/invalidate", "POST");
    assert.ok((await lasting.limits()).DailyApiRequests.Max > 0);
    assert.equal(refreshes, 1);
    await signIn(conn);
  });

  test("the org saw five sign-ins, one of them refused", async () => {
    const { counts, entries } = await org.admin("/requests");
    assert.equal(counts.token, 5);
    const refusals = entries.filter((e) => e.op === "token" && e.status !== 200);
    assert.equal(refusals.length, 1);
  });
});

describe("one record", () => {
  let lead;

  test("create", async () => {
    const made = await conn.sobject("Lead").create({ LastName: "Ana", Company: "Ana" });
    assert.equal(made.success, true);
    assert.deepEqual(made.errors, []);
    lead = made.id;
    assert.match(lead, /^00Q\w{15}$/);
  });

  test("retrieve", async () => {
    const read = await conn.sobject("Lead").retrieve(lead);
    assert.deepEqual(
      [read.attributes.type, read.Id, read.LastName, read.Status],
      ["Lead", lead, "Ana", "Open - Not Contacted"],
    );
  });

  test("retrieve: chosen fields", async () => {
    const read = await conn.retrieve("Lead", lead, { fields: ["Company"] });
    assert.deepEqual([read.Company, read.LastName], ["Ana", undefined]);
  });

  test("update", async () => {
    const change = { Id: lead, Phone: "+15550001111", Status: "Working - Contacted" };
    assert.deepEqual(await conn.sobject("Lead").update(change), {
      id: lead,
      success: true,
      errors: [],
    });
  });

  test("upsert by external id: created, then changed", async () => {
    const one = { Key__c: "solo", Name: "Ana", Version__c: 1 };
    const made = await conn.sobject(PERSON).upsert(one, "Key__c");
    assert.deepEqual([made.success, made.created], [true, true]);
    const again = await conn.sobject(PERSON).upsert({ ...one, Version__c: 2 }, "Key__c");
    assert.deepEqual([again.id, again.created], [made.id, false]);
  });

  test("destroy", async () => {
    const gone = await conn.sobject("Case").create({ Subject: "Wrong door", Origin: "WhatsApp" });
    assert.equal((await conn.sobject("Case").destroy(gone.id)).success, true);
    await refused("ENTITY_IS_DELETED", () => conn.sobject("Case").destroy(gone.id));
  });

  test("the org holds one lead and one person, as they were last written", async () => {
    const [only, ...others] = await org.rows("Lead");
    assert.equal(others.length, 0);
    assert.deepEqual(
      [only.Id, only.Phone, only.Status],
      [lead, "+15550001111", "Working - Contacted"],
    );
    const people = await org.rows(PERSON);
    assert.deepEqual(
      people.map((p) => [p.Key__c, p.Name, p.Version__c]),
      [["solo", "Ana", 2]],
    );
    assert.deepEqual(await org.rows("Case"), []);
  });
});

describe("many records", () => {
  let ids;

  test("create: 2,001 in collections of 200", async () => {
    await org.admin("/reset", "POST");
    await org.admin("/requests", "DELETE");
    const people = Array.from({ length: 2001 }, (_, n) => ({ Key__c: key(n), Version__c: 1 }));
    const made = await conn.create(PERSON, people, { allowRecursive: true });
    assert.equal(made.length, 2001);
    assert.ok(made.every((m) => m.success));
    ids = made.map((m) => m.id);
    assert.equal(new Set(ids).size, 2001);
  });

  test("query: the first page of two", async () => {
    const page = await conn.query(`SELECT Id, Key__c FROM ${PERSON} ORDER BY Key__c`);
    assert.deepEqual([page.totalSize, page.done, page.records.length], [2001, false, 2000]);
    assert.equal(page.records[0].Key__c, key(0));
    const rest = await conn.queryMore(page.nextRecordsUrl);
    assert.deepEqual([rest.done, rest.records.map((r) => r.Key__c)], [true, [key(2000)]]);
  });

  test("query: both pages by themselves", async () => {
    const all = await conn.query(`SELECT Id FROM ${PERSON}`, { autoFetch: true, maxFetch: 5000 });
    assert.deepEqual([all.totalSize, all.done], [2001, true]);
    assert.deepEqual(new Set(all.records.map((r) => r.Id)), new Set(ids));
  });

  test("find: conditions, order and limit", async () => {
    const found = await conn
      .sobject(PERSON)
      .find({ Key__c: { $gte: key(1990) }, Version__c: 1 }, ["Key__c"])
      .sort({ Key__c: -1 })
      .limit(3);
    assert.deepEqual(
      found.map((r) => r.Key__c),
      [key(2000), key(1999), key(1998)],
    );
  });

  test("count", async () => {
    assert.equal(await conn.sobject(PERSON).count({ Key__c: { $like: "person-00%" } }), 100);
  });

  test("retrieve: several by id", async () => {
    const read = await conn.retrieve(PERSON, [ids[7], ids[3]], { fields: ["Key__c"] });
    assert.deepEqual(
      read.map((r) => r.Key__c),
      [key(7), key(3)],
    );
  });

  test("update: a collection in which one record fails", async () => {
    const change = [
      { Id: ids[0], Country__c: "MX" },
      { Id: ids[1], Country__c: "Mexico" },
    ];
    const [good, bad] = await conn.sobject(PERSON).update(change);
    assert.equal(good.success, true);
    assert.equal(bad.success, false);
    assert.equal(bad.errors[0].statusCode, "STRING_TOO_LONG");
    assert.deepEqual(bad.errors[0].fields, ["Country__c"]);
  });

  test("update: all or none", async () => {
    const change = [
      { Id: ids[2], Country__c: "MX" },
      { Id: ids[3], Country__c: "Mexico" },
    ];
    const [rolled, bad] = await conn.update(PERSON, change, { allOrNone: true });
    assert.equal(rolled.errors[0].statusCode, "ALL_OR_NONE_OPERATION_ROLLED_BACK");
    assert.equal(bad.errors[0].statusCode, "STRING_TOO_LONG");
  });

  test("upsert: a collection by external id", async () => {
    const people = [
      { Key__c: key(4), Version__c: 5 },
      { Key__c: "new", Version__c: 1 },
    ];
    const [changed, made] = await conn.sobject(PERSON).upsert(people, "Key__c");
    assert.deepEqual([changed.success, changed.created], [true, false]);
    assert.deepEqual([made.success, made.created], [true, true]);
  });

  test("create: a key that is taken fails alone", async () => {
    const [taken, free] = await conn.create(PERSON, [{ Key__c: key(5) }, { Key__c: "free" }]);
    assert.deepEqual(
      [taken.success, taken.errors[0].statusCode, free.success],
      [false, "DUPLICATE_VALUE", true],
    );
  });

  test("destroy: a collection", async () => {
    const gone = await conn.sobject(PERSON).destroy([ids[10], ids[11]]);
    assert.deepEqual(
      gone.map((g) => [g.id, g.success]),
      [
        [ids[10], true],
        [ids[11], true],
      ],
    );
  });

  test("the org holds 2,001 people, and what failed changed nothing", async () => {
    assert.equal((await org.admin("/objects"))[PERSON], 2001);
    const people = new Map((await org.rows(PERSON)).map((p) => [p.Key__c, p]));
    const countries = [0, 1, 2, 3].map((n) => people.get(key(n)).Country__c ?? null);
    assert.deepEqual(countries, ["MX", null, null, null]);
    assert.equal(people.get(key(4)).Version__c, 5);
    assert.deepEqual([people.has(key(10)), people.has("new"), people.has("free")], [
      false,
      true,
      true,
    ]);
    const { counts } = await org.admin("/requests");
    assert.equal(counts["collections.create"], 12, "2,001 records are eleven calls, and one more");
    assert.equal(counts["query.next"], 2);
  });
});

describe("the org about itself", () => {
  test("describe", async () => {
    const about = await conn.sobject(PERSON).describe();
    const field = about.fields.find((f) => f.name === "Key__c");
    assert.deepEqual(
      [about.name, about.custom, field.externalId, field.unique, field.length],
      [PERSON, true, true, true, 64],
    );
    const contact = about.fields.find((f) => f.name === "Contact__c");
    assert.deepEqual([contact.type, contact.referenceTo], ["reference", ["Contact"]]);
  });

  test("describeGlobal", async () => {
    const { sobjects } = await conn.describeGlobal();
    const names = sobjects.map((s) => s.name);
    assert.ok(names.includes(PERSON) && names.includes("Lead"));
    assert.equal(sobjects.find((s) => s.name === "Lead").keyPrefix, "00Q");
  });

  test("limits", async () => {
    const { DailyApiRequests, DataStorageMB } = await conn.limits();
    assert.equal(DailyApiRequests.Max, 15000);
    assert.ok(DailyApiRequests.Remaining < 15000 && DataStorageMB.Max > 0);
  });

  test("request: the resources of a version", async () => {
    const paths = await conn.request("/");
    assert.equal(paths.sobjects, `/services/data/v${VERSION}/sobjects`);
  });

  test("limitInfo: the usage that each answer tells", async () => {
    await conn.request("/");
    const { used, max } = await org.admin("/usage");
    assert.deepEqual(conn.limitInfo.apiUsage, { used, limit: max });
  });
});

describe("several calls in one", () => {
  const path = (rest) => `/services/data/v${VERSION}/sobjects/${rest}`;

  test("requestPost: composite with references", async () => {
    const { compositeResponse } = await conn.requestPost("/composite", {
      allOrNone: true,
      compositeRequest: [
        {
          method: "PATCH",
          url: path(`${PERSON}/Key__c/chain`),
          referenceId: "person",
          body: { Name: "Ana" },
        },
        {
          method: "POST",
          url: path("Puente_Conversation__c"),
          referenceId: "talk",
          body: { Key__c: "chain", Person__c: "@{person.id}" },
        },
        {
          method: "POST",
          url: path("Puente_Message__c"),
          referenceId: "message",
          body: { Key__c: "chain", Conversation__c: "@{talk.id}", Direction__c: "Inbound" },
        },
      ],
    });
    assert.deepEqual(
      compositeResponse.map((r) => [r.referenceId, r.httpStatusCode]),
      [
        ["person", 201],
        ["talk", 201],
        ["message", 201],
      ],
    );
  });

  test("query: a field of the parent", async () => {
    const soql = "SELECT Key__c, Person__r.Name FROM Puente_Conversation__c";
    const { records } = await conn.query(soql);
    assert.deepEqual(
      records.map((r) => [r.Key__c, r.Person__r.Name]),
      [["chain", "Ana"]],
    );
  });

  test("requestPost: a composite in which one call fails rolls all back", async () => {
    const { compositeResponse } = await conn.requestPost("/composite", {
      allOrNone: true,
      compositeRequest: [
        { method: "POST", url: path(PERSON), referenceId: "a", body: { Key__c: "undone" } },
        { method: "POST", url: path("Lead"), referenceId: "b", body: { LastName: "Ana" } },
      ],
    });
    const codes = compositeResponse.map((r) => r.body[0].errorCode);
    assert.deepEqual(codes, ["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING"]);
  });

  test("the org holds the chain and nothing of what was rolled back", async () => {
    const people = await org.rows(PERSON);
    const person = people.find((p) => p.Key__c === "chain");
    const [talk] = await org.rows("Puente_Conversation__c");
    const [message] = await org.rows("Puente_Message__c");
    assert.equal(talk.Person__c, person.Id);
    assert.equal(message.Conversation__c, talk.Id);
    assert.ok(people.every((p) => p.Key__c !== "undone"));
    assert.deepEqual(await org.rows("Lead"), []);
  });
});

describe("signing out", () => {
  test("logout", async () => {
    const token = conn.accessToken;
    await conn.logout();
    assert.equal(conn.accessToken, null);
    await refused("INVALID_SESSION_ID", () => org.bearing(token).limits());
  });
});
