import type { Counted } from './count.ts';
import { type Booking, Crew, type Pace } from './crew.ts';
import type { Kind } from './load.ts';

/** What a process of clients is told. Each is answered once. */
export type Order =
  | { word: 'gather'; bookings: Booking[] }
  | { word: 'write'; kind: Kind; pace: Pace }
  | { word: 'take' }
  | { word: 'rest' };

export type Answer = { counted?: Counted } | { error: string };

let crew: Crew | undefined;

async function obey(order: Order): Promise<Answer> {
  if (order.word === 'gather') crew = await Crew.gather(order.bookings);
  if (!crew) throw new Error('there are no clients');
  if (order.word === 'write') crew.write(order.kind, order.pace);
  if (order.word === 'rest') await crew.rest();
  return order.word === 'take' ? { counted: crew.take() } : {};
}

process.on('message', (order: Order) => {
  obey(order)
    .catch((error: unknown): Answer => ({ error: String(error) }))
    .then((answer) => process.send?.(answer))
    .catch((error: unknown) => {
      throw error;
    });
});
process.once('disconnect', () => {
  crew?.end();
  process.exit();
});
