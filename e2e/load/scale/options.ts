import { parseArgs } from 'node:util';
import { whole } from '../options.ts';

export interface Options {
  /** From one up to so many. */
  instances: number;
  rooms: number;
  /** In each room. */
  clients: number;
  /** Of these, who write. */
  writers: number;
  /** Of each writer, sent and not yet shown to all. */
  flight: number;
  /** Measured, of each kind on each set-up. */
  seconds: number;
  /** Processes that the clients are in. */
  workers: number;
}

export const usage =
  'scripts/bench scale [--instances 3] [--rooms 8] [--clients 24] [--writers 6] [--flight 4] ' +
  '[--seconds 10] [--workers 2]';

/** @throws if an option is not known or out of bounds. */
export function parseOptions(words: string[]): Options {
  const { values } = parseArgs({
    args: words,
    options: {
      instances: { type: 'string', default: '3' },
      rooms: { type: 'string', default: '8' },
      clients: { type: 'string', default: '24' },
      writers: { type: 'string', default: '6' },
      flight: { type: 'string', default: '4' },
      seconds: { type: 'string', default: '10' },
      workers: { type: 'string', default: '2' },
    },
  });
  const rooms = whole('rooms', values.rooms, 1, 1000);
  const clients = whole('clients', values.clients, 2, 1000);
  return {
    instances: whole('instances', values.instances, 1, 9),
    rooms,
    clients,
    writers: whole('writers', values.writers, 1, clients),
    flight: whole('flight', values.flight, 1, 100),
    seconds: whole('seconds', values.seconds, 1, 120),
    workers: whole('workers', values.workers, 1, rooms),
  };
}
