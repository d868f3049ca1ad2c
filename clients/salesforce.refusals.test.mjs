// What the simulated org refuses, as jsforce tells it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { PERSON, refused, signIn, startOrg } from "./salesforce.mjs";

let org;
let conn;

before(async () => {
  org = await startOrg();
  conn = org.conn;
  await signIn(conn);
});
after(() => org?.stop());

describe("refusals", () => {
  let held;
  before(async () => {
    held = await org.admin("/objects");
  });

  test("create without a required field: REQUIRED_FIELD_MISSING", async () => {
    const error = await refused("REQUIRED_FIELD_MISSING", () =>
      conn.sobject("Lead").create({ LastName: "Ana" }),
    );
    assert.deepEqual(error.data.fields, ["Company"]);
  });

  test("create with a field that is not there: INVALID_FIELD", () =>
    refused("INVALID_FIELD", () => conn.sobject("Lead").create({ LastNam: "Ana" })));

  test("query that does not read: MALFORMED_QUERY", () =>
    refused("MALFORMED_QUERY", () => conn.query("SELECT FROM Lead")));

  test("query of an unknown object: INVALID_TYPE", () =>
    refused("INVALID_TYPE", () => conn.query("SELECT Id FROM Nothing__c")));

  test("retrieve of an unknown id: NOT_FOUND", () =>
    refused("NOT_FOUND", () => conn.sobject("Lead").retrieve("00Q000000000000AAA")));

  test("upsert by a key that two records share: MULTIPLE_CHOICES", async () => {
    const twins = ["twin-1", "twin-2"].map((Key__c) => ({ Key__c, Phone_Hash__c: "k1:same" }));
    assert.ok((await conn.create(PERSON, twins)).every((t) => t.success));
    const one = { Phone_Hash__c: "k1:same", Name: "Ana" };
    await assert.rejects(conn.sobject(PERSON).upsert(one, "Phone_Hash__c"), (error) => {
      assert.equal(error.errorCode, "MULTIPLE_CHOICES");
      assert.equal(error.data.length, 2);
      return true;
    });
  });

  test("any call beyond the daily quota: REQUEST_LIMIT_EXCEEDED", async () => {
    const { used, max } = await org.admin("/usage");
    await org.admin("/usage", "POST", { max: used });
    await refused("REQUEST_LIMIT_EXCEEDED", () => conn.query("SELECT Id FROM Lead"));
    await org.admin("/usage", "POST", { max });
  });

  test("create whose answer is lost: the record is there all the same", async () => {
    const rule = { op: "row.create", act: "cut_after", times: 1 };
    await org.admin("/faults", "POST", rule);
    await assert.rejects(
      conn.sobject("Account").create({ Name: "Lost answer" }),
      /socket hang up|ECONNRESET/,
    );
    const [{ fired }] = await org.admin("/faults", "DELETE");
    assert.equal(fired, 1);
  });

  test("the org holds the twins and the account more, and nothing else", async () => {
    const want = { ...held, [PERSON]: 2, Account: 1 };
    assert.deepEqual(await org.admin("/objects"), want);
    assert.equal((await org.rows("Account"))[0].Name, "Lost answer");
  });
});

