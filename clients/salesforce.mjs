// A simulated org, and jsforce signed in to it.

import assert from "node:assert/strict";

import jsforce from "jsforce";

import { start } from "./simulator.mjs";

export const VERSION = "66.0";
export const PERSON = "Puente_Person__c";
export const APP = { clientId: "sim-consumer-key", clientSecret: "sim-consumer-secret" };

export const signIn = (connection) => connection.authorize({ grant_type: "client_credentials" });

/** An org of its own for a file of tests; `conn` is not signed in yet. */
export async function startOrg() {
  const org = await start("serve_salesforce");
  const connection = (app = APP, more = {}) =>
    new jsforce.Connection({
      version: VERSION,
      loginUrl: org.url,
      oauth2: { loginUrl: org.url, ...app },
      ...more,
    });
  return {
    ...org,
    connection,
    conn: connection(),
    /** Holds a token and knows no way to a new one. */
    bearing: (accessToken) =>
      new jsforce.Connection({ version: VERSION, instanceUrl: org.url, accessToken }),
    rows: (object) => org.admin(`/objects/${object}`),
  };
}

/** Ends the test unless `act` is refused with this code, and answers jsforce's error. */
export async function refused(errorCode, act) {
  try {
    await act();
  } catch (error) {
    assert.ok(error instanceof Error);
    assert.deepEqual([error.name, error.errorCode], [errorCode, errorCode], error.message);
    assert.ok(error.message.length > 0);
    return error;
  }
  assert.fail(`nothing was refused with ${errorCode}`);
}
