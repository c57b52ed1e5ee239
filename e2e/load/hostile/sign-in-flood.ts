/** The attackers of `sign-ins.ts`, in a process of their own: `sign-in-flood.ts URL KIND PARALLEL EMAIL`. */
import { pause } from '../waiting.ts';
import { password, signIn, signUp, type Kind } from './sign-in.ts';

const elsewhere = '203.0.113.9';

const [url = '', kind, parallel, attacker = ''] = process.argv.slice(2);
const answers = new Map<number, number>();
let isOver = false;

async function attempt(name: string): Promise<number> {
  switch (kind as Kind) {
    case 'right':
      return signIn(url, attacker, password);
    case 'wrong':
      return signIn(url, attacker, 'a wrong password');
    case 'unknown':
      return signIn(url, `${name}@example.org`, password, elsewhere);
    case 'new':
      return signUp(url, `${name}@example.org`, elsewhere);
  }
}

async function attack(n: number): Promise<void> {
  for (let round = 0; !isOver; round++) {
    const status = await attempt(`${n}-${round}`);
    answers.set(status, (answers.get(status) ?? 0) + 1);
    // A refusal comes at once; the machine is not to be kept busy by who hears it.
    if (status >= 400) await pause(50);
  }
}

process.once('message', () => (isOver = true));
await Promise.all(Array.from({ length: Number(parallel) }, async (_, n) => attack(n)));
process.send?.([...answers]);
process.disconnect();
