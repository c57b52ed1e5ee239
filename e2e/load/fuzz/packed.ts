import type { Chance } from './chance.ts';
import type { Dialect, Heard, Shot } from './dialect.ts';
import { big, numbers, strings } from './junk.ts';
import { type Frame, textFrame } from './lines.ts';
import { arrayHead, mapHead, pack, Raw, unpack } from './messagepack.ts';
import { type Call, eventName, type Facts, halfValid, nextCall } from './payloads.ts';

const nsp = '/rooms';
const frame = (data: Buffer): Frame => ({ data, binary: true });
const framed = (value: unknown): Frame[] => [frame(pack(value))];

/** Socket.IO with MessagePack, of `socket.io-msgpack-parser`. */
export const packed: Dialect = {
  name: 'msgpack',
  path: '/socket.io-msgpack/',
  enter: (auth) => framed({ type: 0, nsp, data: auth }),
  ask: (id, event, payload) => framed({ type: 2, nsp, data: [event, payload], id }),
  packet: (chance, facts, nextId) =>
    chance.in(0.92) ? call(chance, facts, nextId()) : { frames: rude(chance, facts), rude: true },
  hear,
};

interface Packet {
  type: number;
  nsp: string;
  id?: number | bigint;
  data?: unknown;
}

function hear({ data, binary }: Frame): Heard {
  if (!binary) return { kind: 'other' };
  const packet = unpack(data as Buffer) as Packet;
  // Another namespace has no answers for us.
  if (packet.nsp !== nsp) return { kind: 'other' };
  const values = packet.data as unknown[];
  if (packet.type === 0) return { kind: 'in' };
  if (packet.type === 1) return { kind: 'out' };
  if (packet.type === 4)
    return { kind: 'refused', data: (packet.data as { message: string }).message };
  if (packet.type === 3) return { kind: 'ack', ackId: String(packet.id), data: values[0] };
  return values[0] === 'error' ? { kind: 'error', data: values[1] } : { kind: 'other' };
}

function call(chance: Chance, facts: Facts, free: number): Shot {
  const { name, args, must } = chance.in(0.02)
    ? notNumbers(chance, facts)
    : nextCall(chance, facts, junk);
  // Any whole number of 64 bits is an id.
  const odd = chance.of([BigInt(free), -BigInt(free), 2n ** 62n + BigInt(free)]);
  const id = chance.in(0.9) ? BigInt(free) : odd;
  const fields: [string, unknown][] = [
    ['type', chance.in(0.9) ? 2 : 5],
    ['nsp', nsp],
    ['data', [name, ...args]],
  ];
  const isAsked = chance.in(0.75);
  if (isAsked) fields.push(['id', id]);
  if (chance.in(0.1)) fields.push(['options', { compress: true }]);
  if (chance.in(0.1)) fields.reverse();
  const shot: Shot = { frames: framed(Object.fromEntries(fields)), event: name, rude: false };
  if (isAsked) shot.ackId = String(id);
  if (must !== undefined) shot.must = must;
  return shot;
}

/** What is not a number is not nothing either. */
function notNumbers(chance: Chance, { home: roomId }: Facts): Call {
  const none = chance.of([NaN, Infinity, -Infinity]);
  return chance.of<Call>([
    { name: 'joinRoom', args: [{ roomId, chatSeq: none }], must: 'bad_request' },
    { name: 'timer:start', args: [{ roomId, focusMin: none }], must: 'bad_request' },
    { name: 'whiteboard:cursor', args: [{ roomId, x: 0, y: none }], must: 'bad_request' },
  ]);
}

const bytes =
  (...all: number[]) =>
  () =>
    Raw.of(...all);

/** Values that JSON has not, each whole. */
const oddities: (() => unknown)[] = [
  () => undefined,
  () => NaN,
  () => Infinity,
  () => -Infinity,
  () => 2n ** 64n - 1n,
  () => -(2n ** 63n),
  // NaN of 32 bits, the byte that is never used, text that is not UTF-8.
  bytes(0xca, 0x7f, 0xc0, 0, 0),
  bytes(0xc1),
  bytes(0xa2, 0xc3, 0x28),
  bytes(0xd9, 3, 0xed, 0xa0, 0x80),
  // Extensions: of one byte, with none, of a time, of an unknown kind.
  bytes(0xd4, 1, 2),
  bytes(0xc7, 0, 0),
  bytes(0xd6, 0xff, 1, 2, 3, 4),
  bytes(0xc9, 0, 0, 0, 2, 0x80, 1, 2),
  // Keys that are no text, and the same one twice.
  bytes(0x81, 1, 2),
  bytes(0x81, 0xc0, 0xc0),
  bytes(0x81, 0x90, 0x80),
  bytes(0x82, 0xa1, 0x61, 1, 0xa1, 0x61, 2),
  // Lengths that are longer than needed.
  bytes(0xdd, 0, 0, 0, 1, 0xc0),
  bytes(0xdb, 0, 0, 0, 0),
  bytes(0xdf, 0, 0, 0, 0),
];

/** A value that is hardly ever what a field asks for; its bytes are whole. */
function junk(chance: Chance): unknown {
  const kind = chance.random();
  if (kind < 0.4) return chance.of(oddities)();
  if (kind < 0.5) return chance.of(strings);
  if (kind < 0.6) return chance.of(numbers);
  if (kind < 0.65) return chance.of([true, false, null]);
  if (kind < 0.72) return chance.of([[], {}, [[]], [{}], [null], { _bytes: 'AAAA' }]);
  if (kind < 0.78) return chance.bytes(chance.whole(0, 40));
  if (kind < 0.86) return deep(chance, chance.of([10, 60, 62, 63, 64, 65, 66, 100, 110]));
  if (kind < 0.92) return { [chance.of(strings)]: junk(chance) };
  if (kind < 0.97) return Array.from({ length: chance.whole(1, 9) }, () => junk(chance));
  return big(chance);
}

function deep(chance: Chance, depth: number): Raw {
  const level = Buffer.from(chance.of([[0x91], [0x81, 0xa1, 0x61]]));
  return new Raw(Buffer.concat([Buffer.alloc(depth * level.length, level), Buffer.of(0xc0)]));
}

/** Says it is longer than anything is. */
const endless = [
  [0xdd, 0xff, 0xff, 0xff, 0xff],
  [0xdf, 0xff, 0xff, 0xff, 0xff],
  [0xdb, 0xff, 0xff, 0xff, 0xff],
  [0xc6, 0xff, 0xff, 0xff, 0xff],
  [0xc9, 0xff, 0xff, 0xff, 0xff, 1],
  [0xdc, 0xff, 0xff],
  [0xde, 0xff, 0xff],
];

function rude(chance: Chance, facts: Facts): Frame[] {
  const name = eventName(chance);
  const data = [name, halfValid(name, chance, facts, junk)];
  // An id that no question has.
  const whole = pack({ type: 2, nsp, data, id: 5 });
  const raw = (values: number[]) => Raw.of(...values);
  return chance.of([
    () => [frame(whole.subarray(0, chance.whole(0, whole.length - 1)))],
    () => [frame(flipped(chance, whole))],
    () => [frame(Buffer.concat([whole, chance.bytes(chance.whole(1, 9))]))],
    () => [frame(chance.bytes(chance.whole(0, 60)))],
    () => framed({ type: 2, nsp, data: raw(chance.of(endless)), id: 5 }),
    () => framed({ type: 2, nsp, data: [name, raw(chance.of(endless))], id: 5 }),
    () => framed(raw(chance.of(endless))),
    () => framed({ type: 2, nsp, data: [name, deep(chance, chance.of([125, 126, 127, 5_000]))] }),
    () => framed({ type: 2, nsp, data: [name, deep(chance, 900_000)] }),
    // What makes a packet, each part wrong in turn.
    () => framed({ type: chance.of([6, 7, 255, -1, 1.5, '2', null, 2 ** 53]), nsp, data }),
    () => framed({ type: 2, nsp: chance.of(['', '/', '/nowhere', 7, null, undefined]), data }),
    () => framed({ type: 2, nsp, data, id: chance.of([1.5, NaN, '7', 2n ** 63n, undefined, []]) }),
    () => framed({ type: 2, nsp, data: junk(chance) }),
    () => framed({ type: 2, nsp, data: [junk(chance), junk(chance)] }),
    () => framed(chance.of([{}, [], null, { type: 2 }, { nsp }, { data }, [2, nsp, data]])),
    () => [frame(Buffer.concat([mapHead(21), ...Array.from({ length: 42 }, () => pack('k'))]))],
    () => [frame(Buffer.concat([arrayHead(3), whole]))],
    () => framed({ type: 0, nsp: chance.of([nsp, '/']), data: junk(chance) }),
    () =>
      framed({ type: chance.of([3, 6]), nsp, data: [junk(chance)], id: chance.of([0, -1, 9e9]) }),
    () => framed({ type: 1, nsp, data: undefined }),
    () => framed({ type: 4, nsp, data: { message: 'no' } }),
    () => [textFrame(chance.of(['40/rooms,', '42/rooms,["chat:message",{}]', '4', '0', '5', 'x']))],
  ])();
}

function flipped(chance: Chance, packet: Buffer): Buffer {
  const copy = Buffer.from(packet);
  for (let flips = chance.whole(1, 3); flips > 0; flips--) {
    const at = chance.whole(0, copy.length - 1);
    copy[at] = (copy[at] ?? 0) ^ (1 << chance.whole(0, 7));
  }
  return copy;
}
