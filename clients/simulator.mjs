// One simulator on a port of its own, and its admin API under /_sim.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TARGET = process.env.CARGO_TARGET_DIR ?? `${ROOT}target`;

/**
 * Starts `serve_salesforce` or `serve_whatsapp` and answers when it listens.
 * It ends with `stop()`, and also when this process ends in any other way.
 */
export async function start(example) {
  const binary = `${TARGET}/debug/examples/${example}`;
  if (!existsSync(binary)) {
    throw new Error(`${binary} is not there; "npm test" in clients/ builds it first`);
  }
  const child = spawn(binary, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = await Promise.race([
    announced(child),
    ended.then((code) => {
      throw new Error(`${example} ended with ${code} before it listened`);
    }),
  ]);
  return {
    url,
    admin: (path, method = "GET", body = undefined) => admin(url, path, method, body),
    stop: () => {
      child.stdin.end();
      return ended;
    },
  };
}

async function announced(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const url = line.match(/^listening (http:\/\/\S+)$/)?.[1];
    if (url) return url;
  }
  return new Promise(() => {}); // its exit tells
}

/** The simulator's own word, past every client. */
async function admin(url, path, method, body) {
  const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`${url}/_sim${path}`, {
    method,
    ...(body === undefined ? {} : json),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} /_sim${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** Asks again until `read` answers something true, for at most ten seconds. */
export async function eventually(read) {
  const until = Date.now() + 10_000;
  for (;;) {
    const found = await read();
    if (found) return found;
    if (Date.now() > until) throw new Error(`it never came true: ${read}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
