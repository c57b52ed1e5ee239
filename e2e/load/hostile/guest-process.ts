import { setPriority } from 'node:os';
import { restOr } from './at-rate.ts';
import { Counters, type Counts } from './counters.ts';
import { Guest, type Target } from './guest.ts';
import { attacks } from './attacks/index.ts';
import type { Phase } from './schedule.ts';

/** What the process of the guests is told. */
export interface Order {
  target: Target;
  seed: number;
  guests: number;
  phases: Phase[];
  phaseMs: number;
}

/** What it says: where it is, and at the end what was done. */
export type Report = { phase: number } | { counts: Counts } | { error: string };

/** After its end an attack has so long to close what it opened. */
const closeMs = 5_000;

async function attack(order: Order, say: (report: Report) => void): Promise<Counts> {
  const { target, seed, phases, phaseMs } = order;
  const counters = new Counters();
  const guests = Array.from(
    { length: order.guests },
    (_, n) => new Guest(n, seed, target, counters),
  );
  for (const guest of guests) await guest.arrive();
  for (const [number, phase] of phases.entries()) {
    say({ phase: number });
    await live(phase, guests, phaseMs);
  }
  for (const guest of guests) guest.end();
  return counters.counts;
}

async function live(phase: Phase, guests: Guest[], phaseMs: number): Promise<void> {
  const end = AbortSignal.timeout(phaseMs);
  const busy = guests.flatMap((guest, n) =>
    (phase.attacks[n] ?? []).map(async (name) => {
      await attacks[name]?.(guest, end).catch((error: unknown) => {
        guest.counters.note(`${name}: ${String(error)}`);
      });
    }),
  );
  const closing = restOr(end, phaseMs).then(async () => {
    const closed = new AbortController();
    void Promise.all(busy).then(() => closed.abort());
    await restOr(closed.signal, closeMs);
  });
  await Promise.race([closing, Promise.all(busy)]);
  await restOr(end, phaseMs);
}

process.once('message', (order: Order) => {
  // They are not to take the machine from the server and the honest people, who share it with them here.
  setPriority(10);
  const say = (report: Report) => process.send?.(report);
  attack(order, say)
    .then((counts) => say({ counts }))
    .catch((error: unknown) => say({ error: error instanceof Error ? (error.stack ?? '') : '' }));
});
process.once('disconnect', () => process.exit());
// A connection that ends at the wrong moment is no reason to stop.
process.on('uncaughtException', (error) => {
  process.stderr.write(`guests: ${error.stack ?? String(error)}\n`);
});
