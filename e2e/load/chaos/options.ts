import { parseArgs } from 'node:util';
import { whole } from '../options.ts';

export interface Options {
  instances: number;
  clients: number;
  rooms: number;
  seconds: number;
  faults: number;
  /** Messages and board batches a second, of all clients together. */
  rate: number;
  seed: number;
}

export const usage =
  'scripts/load chaos [--instances 3] [--clients 300] [--rooms 30] [--seconds 600] [--faults 20] ' +
  '[--rate 150] [--seed N]';

/** @throws if an option is not known or out of bounds. */
export function parseOptions(words: string[]): Options {
  const { values } = parseArgs({
    args: words,
    options: {
      instances: { type: 'string', default: '3' },
      clients: { type: 'string', default: '300' },
      rooms: { type: 'string', default: '30' },
      seconds: { type: 'string', default: '600' },
      faults: { type: 'string', default: '20' },
      rate: { type: 'string', default: '150' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  });
  const clients = whole('clients', values.clients, 2, 2000);
  return {
    instances: whole('instances', values.instances, 1, 9),
    clients,
    rooms: whole('rooms', values.rooms, 1, clients),
    // An access token lives 15 minutes, and no one here renews it.
    seconds: whole('seconds', values.seconds, 5, 720),
    faults: whole('faults', values.faults, 0, 200),
    rate: whole('rate', values.rate, 1, 5000),
    seed: whole('seed', values.seed, 0, 2 ** 32 - 1),
  };
}
