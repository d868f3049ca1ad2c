// The real bridge with both simulators: `puente sandbox` on a free port.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Starts the binary and answers when its page is served. */
export async function startBridge(binary) {
  const child = spawn(binary, ['sandbox', '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, RUST_LOG: 'error' },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await Promise.race([
    announced(child),
    ended.then((code) => Promise.reject(new Error(`puente sandbox ended with ${code}`))),
  ]);
  return {
    url,
    stop: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}

async function announced(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const url = line.match(/(http:\/\/\S+)\/demo$/)?.[1];
    if (url) return url;
  }
  throw new Error('puente sandbox named no page');
}
