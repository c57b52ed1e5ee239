/**
 * A flood of sign-ins beside honest people: `scripts/load sign-ins --parallel 400 --seconds 10`.
 * Fails when the server's memory grows by 200 MiB or more, or an honest person waits for 2 s or longer.
 */
import { parseArgs } from 'node:util';
import { call } from '../../people.ts';
import { Server } from '../../server.ts';
import { gauge, rssKb } from '../fuzz/memory.ts';
import { whole } from '../options.ts';
import { quantilesOf } from '../quantiles.ts';
import { pause } from '../waiting.ts';

/**
 * What the attacker signs in with: one account of theirs, its password right or wrong, from the address that honest
 * people share; or ever another account, from elsewhere, which is guessed at or made.
 */
const kinds = ['right', 'wrong', 'unknown', 'new'] as const;
type Kind = (typeof kinds)[number];
const elsewhere = '203.0.113.9';

const mostGrownMb = 200;
const mostWaitedMs = 2_000;
const password = 'a good password';

const { values } = parseArgs({
  options: {
    parallel: { type: 'string', default: '400' },
    seconds: { type: 'string', default: '10' },
  },
});
const parallel = whole('parallel', values.parallel, 1, 2_000);
const seconds = whole('seconds', values.seconds, 1, 600);

interface Outcome {
  kind: Kind;
  grownMb: number;
  /** Of each sign-in of an honest person, from the first try to the success, in milliseconds. */
  waitedMs: number[];
  answers: Map<number, number>;
}

async function signIn(server: Server, email: string, word: string): Promise<number> {
  return post(server, 'login', { email, password: word });
}

async function post(server: Server, path: string, body: object, from = ''): Promise<number> {
  const answer = await fetch(`${server.url}/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(from ? { 'x-forwarded-for': from } : {}) },
    body: JSON.stringify(body),
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function flood(server: Server, kind: Kind): Promise<Outcome> {
  const honest = Array.from({ length: 10 }, (_, n) => `${kind}-honest-${n}@example.org`);
  const attacker = `${kind}-attacker@example.org`;
  for (const email of [...honest, attacker]) {
    await call(server, 'POST', '/api/auth/signup', { email, password, name: 'Ann' });
  }
  const before = await rssKb(server.pid);
  const highestMb = gauge(server.pid);
  const answers = new Map<number, number>();
  let isOver = false;
  const attack = async (n: number) => {
    for (let round = 0; !isOver; round++) {
      const another = `${n}-${round}@example.org`;
      const status =
        kind === 'new'
          ? await post(server, 'signup', { email: another, password, name: 'Eve' }, elsewhere)
          : kind === 'unknown'
            ? await post(server, 'login', { email: another, password }, elsewhere)
            : await signIn(server, attacker, kind === 'right' ? password : 'a wrong one');
      answers.set(status, (answers.get(status) ?? 0) + 1);
      // A refusal comes at once; honest people share this process with those who are refused.
      if (status >= 400) await pause(50);
    }
  };
  const attacks = Array.from({ length: parallel }, async (_, n) => attack(n));

  const waitedMs: number[] = [];
  const until = performance.now() + seconds * 1_000;
  for (let n = 0; performance.now() < until; n++) {
    const began = performance.now();
    // Whoever is refused presses the button again.
    while ((await signIn(server, honest[n % honest.length] ?? '', password)) !== 200) {
      if (performance.now() > until) break;
      await pause(250);
    }
    waitedMs.push(performance.now() - began);
    await pause(200);
  }
  isOver = true;
  await Promise.all(attacks);
  return { kind, grownMb: highestMb() - Math.round(before / 1_024), waitedMs, answers };
}

for (const kind of kinds) {
  const server = await Server.start({ RATE_LIMIT_FACTOR: '1', TRUSTED_PROXIES: '127.0.0.1,::1' });
  try {
    const { grownMb, waitedMs, answers } = await flood(server, kind);
    const [median = NaN, most = NaN] = quantilesOf(waitedMs, [0.5, 1]);
    const told = [...answers].map(([status, count]) => `${count} times ${status}`).join(', ');
    const memory = `memory grew by ${grownMb} MiB`;
    const waited = `${waitedMs.length} honest sign-ins took ${Math.round(median)} ms, at most ${Math.round(most)} ms`;
    console.log(`${kind} passwords, ${parallel} in flight: ${memory}; ${waited}; ${told}`);
    if (grownMb >= mostGrownMb || !(most < mostWaitedMs)) process.exitCode = 1;
  } finally {
    await server.dispose();
  }
}
