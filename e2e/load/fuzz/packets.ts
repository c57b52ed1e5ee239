import type { Chance } from './chance.ts';
import { isJson, junk, toText } from './junk.ts';
import { eventNames, type Facts, good, halfValid } from './payloads.ts';

/** One packet, as one or more websocket frames. */
export interface Shot {
  /** Text and bytes; bytes may go as a text frame, to break its UTF-8. */
  frames: { data: string | Buffer; binary: boolean }[];
  /** The ack id, of a packet that is valid as such and must be answered. */
  ackId?: number;
  /** Whether the server may end the connection for it. */
  rude: boolean;
}

const words = (...data: string[]): Shot['frames'] =>
  data.map((each) => ({ data: each, binary: false }));

/** A packet of Socket.IO with JSON. Ack ids of valid packets are `ackId`. */
export function packet(chance: Chance, facts: Facts, ackId: number): Shot {
  return chance.in(0.85) ? call(chance, facts, ackId) : { frames: rude(chance, facts), rude: true };
}

function call(chance: Chance, facts: Facts, ackId: number): Shot {
  const name = chance.of(eventNames);
  const kind = chance.random();
  let parts: unknown[] = [name, halfValid(name, chance, facts)];
  if (kind < 0.25) parts = [name, good(name, chance, facts)];
  else if (kind < 0.35) parts = [name, junk(chance)];
  else if (kind < 0.4) parts = [name];
  else if (kind < 0.45) parts = [name, good(name, chance, facts), junk(chance)];
  else if (kind < 0.5) parts = [`no:${chance.whole(0, 99)}`, junk(chance)];
  const body = toText(parts);
  const isAsked = chance.in(0.7);
  const frames = words(`42/rooms,${isAsked ? ackId : ''}${body}`);
  if (!isJson(body)) return { frames, rude: true };
  return isAsked ? { frames, ackId, rude: false } : { frames, rude: false };
}

const oddIds = [
  '-1',
  '1.5',
  '99999999999999999999',
  '9223372036854775807',
  'NaN',
  '0x5',
  '+7',
  ' 3',
];

function rude(chance: Chance, facts: Facts): Shot['frames'] {
  const name = chance.of(eventNames);
  const body = toText([name, halfValid(name, chance, facts)]);
  const event = `42/rooms,${body}`;
  const held = toText([name, { _placeholder: true, num: chance.of([0, 1, -1, 7, 1e9]) }]);
  return chance.of([
    () => words(`42/rooms,${chance.of(oddIds)}${body}`),
    () => words(event.slice(0, chance.whole(0, event.length - 1))),
    () => words(`42${chance.of(['/', '/nowhere,', '/rooms', '/rooms/,', '', ',', '//'])}${body}`),
    () =>
      words(
        `4${chance.whole(0, 9)}${chance.of(['', '/rooms,', '/nowhere,'])}${toText(junk(chance))}`,
      ),
    () => words(chance.of(['0', '1', '2', '2probe', '3', '3probe', '5', '6', '7', '9', 'x', ''])),
    () => words(`40/rooms,${toText(junk(chance))}`, `40${toText(junk(chance))}`),
    () => words(`43/rooms,${chance.of(oddIds)}${toText([junk(chance)])}`),
    () =>
      words(`42/rooms,${toText(junk(chance))}`, `42/rooms,${toText([junk(chance), junk(chance)])}`),
    // Bytes that were announced and lie, are too many, or never come.
    () => words(`45${chance.of(['0', '1', '2', '-1', '99999999999', 'x', ''])}-/rooms,${held}`),
    () => [...words(`451-/rooms,${held}`), { data: chance.bytes(9), binary: true }],
    () => [...words(`451-/rooms,${held}`, event), { data: chance.bytes(9), binary: true }],
    () => [{ data: chance.bytes(chance.whole(0, 40)), binary: true }],
    () => [
      { data: Buffer.concat([Buffer.from(event), Buffer.from([0xc3, 0x28, 0xff])]), binary: false },
    ],
    () => [{ data: chance.bytes(chance.whole(1, 40)), binary: false }],
  ])();
}
