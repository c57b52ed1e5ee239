import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Counted } from './count.ts';
import type { Booking } from './crew.ts';
import type { Answer, Order } from './worker.ts';

/** For those who come in; all else is quicker. */
const limitMs = 60_000;

/** Clients in several processes: one alone would be busier than what it measures. */
export class Workers {
  private constructor(private readonly children: ChildProcess[]) {}

  static start(count: number): Workers {
    const program = path.join(import.meta.dirname, 'worker.ts');
    return new Workers(Array.from({ length: count }, () => fork(program)));
  }

  /** All clients of one room are in one process. */
  async gather(bookings: Booking[]): Promise<void> {
    const { length } = this.children;
    await Promise.all(
      this.children.map(async (child, n) => {
        const own = bookings.filter((_, index) => index % length === n);
        await tell(child, { word: 'gather', bookings: own });
      }),
    );
  }

  async tell(order: Order): Promise<void> {
    await Promise.all(this.children.map(async (child) => tell(child, order)));
  }

  async take(): Promise<Counted> {
    const parts = this.children.map(async (child) => tell(child, { word: 'take' }));
    return add((await Promise.all(parts)).flatMap((counted) => counted ?? []));
  }

  async end(): Promise<void> {
    const running = this.children.filter(
      ({ exitCode, signalCode }) => (exitCode ?? signalCode) === null,
    );
    await Promise.all(
      running.map(async (child) => {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }),
    );
  }
}

async function tell(child: ChildProcess, order: Order): Promise<Counted | undefined> {
  const signal = AbortSignal.timeout(limitMs);
  child.send(order);
  const ended = once(child, 'exit', { signal }).then(() => [{ error: 'ended' }]);
  ended.catch(() => undefined);
  const [answer] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Answer];
  if ('error' in answer) throw new Error(`a process of clients: ${answer.error}`);
  return answer.counted;
}

function add(parts: Counted[]): Counted {
  const sum = (of: (part: Counted) => number) => parts.reduce((all, part) => all + of(part), 0);
  return {
    sent: sum(({ sent }) => sent),
    delivered: sum(({ delivered }) => delivered),
    refused: sum(({ refused }) => refused),
    lost: sum(({ lost }) => lost),
    ackMs: parts.flatMap(({ ackMs }) => ackMs),
    shownMs: parts.flatMap(({ shownMs }) => shownMs),
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
  };
}
