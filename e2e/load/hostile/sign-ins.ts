/**
 * A flood of sign-ins beside honest people: `scripts/load sign-ins --parallel 400 --seconds 10`.
 * Fails when the server's memory grows by 200 MiB or more, or an honest person waits for 2 s or longer.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Server } from '../../server.ts';
import { gauge, rssKb } from '../fuzz/memory.ts';
import { whole } from '../options.ts';
import { quantilesOf } from '../quantiles.ts';
import { pause } from '../waiting.ts';
import { kinds, password, signIn, signUp, type Kind } from './sign-in.ts';

const mostGrownMb = 200;
const mostWaitedMs = 2_000;

const { values } = parseArgs({
  options: {
    parallel: { type: 'string', default: '400' },
    seconds: { type: 'string', default: '10' },
  },
});
const parallel = whole('parallel', values.parallel, 1, 2_000);
const seconds = whole('seconds', values.seconds, 1, 600);

/** Begins a flood. Call what it gives to end it and to learn what was answered, how often. */
function flood(server: Server, kind: Kind, attacker: string): () => Promise<[number, number][]> {
  const program = path.join(import.meta.dirname, 'sign-in-flood.ts');
  const child = fork(program, [server.url, kind, String(parallel), attacker]);
  return async () => {
    child.send('over');
    const [answers] = (await once(child, 'message')) as [[number, number][]];
    return answers;
  };
}

/** How long honest people wait, from the first try to the success, in milliseconds. */
async function waits(server: Server, honest: string[]): Promise<number[]> {
  const waitedMs: number[] = [];
  const until = performance.now() + seconds * 1_000;
  for (let n = 0; performance.now() < until; n++) {
    const began = performance.now();
    // Whoever is refused presses the button again.
    while ((await signIn(server.url, honest[n % honest.length] ?? '', password)) !== 200) {
      if (performance.now() > until) break;
      await pause(250);
    }
    waitedMs.push(performance.now() - began);
    await pause(200);
  }
  return waitedMs;
}

async function run(server: Server, kind: Kind): Promise<boolean> {
  const honest = Array.from({ length: 10 }, (_, n) => `honest-${n}@example.org`);
  const attacker = 'attacker@example.org';
  for (const email of [...honest, attacker]) await signUp(server.url, email);
  const before = await rssKb(server.pid);
  const highestMb = gauge(server.pid);
  const end = flood(server, kind, attacker);
  const waitedMs = await waits(server, honest);
  const answers = await end();
  const grownMb = highestMb() - Math.round(before / 1_024);
  const [median = NaN, most = NaN] = quantilesOf(waitedMs, [0.5, 1]);
  const told = answers.map(([status, count]) => `${count} times ${status}`).join(', ');
  const waited = `${waitedMs.length} honest sign-ins took ${Math.round(median)} ms, at most ${Math.round(most)} ms`;
  console.log(`${kind}, ${parallel} in flight: memory grew by ${grownMb} MiB; ${waited}; ${told}`);
  return grownMb < mostGrownMb && most < mostWaitedMs;
}

for (const kind of kinds) {
  const server = await Server.start({ RATE_LIMIT_FACTOR: '1', TRUSTED_PROXIES: '127.0.0.1,::1' });
  try {
    if (!(await run(server, kind))) process.exitCode = 1;
  } finally {
    await server.dispose();
  }
}
