import type { Chance } from './chance.ts';
import type { Dialect, Heard, Shot } from './dialect.ts';
import { isJson, junk, toText } from './junk.ts';
import { type Frame, textFrame } from './lines.ts';
import { eventName, type Facts, halfValid, nextCall } from './payloads.ts';

const texts = (...data: string[]): Frame[] => data.map(textFrame);
const bytesFrame = (data: Buffer, binary = true): Frame => ({ data, binary });

/** Socket.IO with JSON, of stock clients. */
export const json: Dialect = {
  name: 'json',
  path: '/socket.io/',
  enter: (auth) => texts(`40/rooms,${JSON.stringify(auth)}`),
  ask: (ackId, event, payload) => texts(`42/rooms,${ackId}${JSON.stringify([event, payload])}`),
  packet: (chance, facts, nextId) =>
    chance.in(0.92) ? call(chance, facts, nextId()) : { frames: rude(chance, facts), rude: true },
  hear,
};

function hear({ data }: Frame): Heard {
  const text = String(data);
  if (text.startsWith('40/rooms,')) return { kind: 'in' };
  if (text.startsWith('41/rooms,')) return { kind: 'out' };
  if (text.startsWith('44/rooms,')) {
    const { message } = JSON.parse(text.slice(9)) as { message: string };
    return { kind: 'refused', data: message };
  }
  const [all, ackId = '', body = ''] = /^4[36](?:\d+-)?\/rooms,(-?\d+)(.*)$/s.exec(text) ?? [];
  if (all !== undefined) return { kind: 'ack', ackId, data: (JSON.parse(body) as unknown[])[0] };
  if (text.startsWith('42/rooms,["error"')) {
    return { kind: 'error', data: (JSON.parse(text.slice(9)) as unknown[])[1] };
  }
  return { kind: 'other' };
}

function call(chance: Chance, facts: Facts, ackId: number): Shot {
  const { name, args, must } = nextCall(chance, facts, junk);
  const isAsked = chance.in(0.75);
  // One of the arguments may be bytes, which follow by themselves.
  const attachment = chance.in(0.06) ? chance.bytes(chance.whole(0, 40)) : undefined;
  if (attachment) args.push({ _placeholder: true, num: 0 });
  const body = toText([name, ...args]);
  const head = attachment ? '451-/rooms,' : '42/rooms,';
  const frames = texts(`${head}${isAsked ? ackId : ''}${body}`);
  if (attachment) frames.push(bytesFrame(attachment));
  if (!isJson(body)) return { frames, rude: true };
  const shot: Shot = { frames, event: name, rude: false };
  if (isAsked) shot.ackId = String(ackId);
  if (must !== undefined && !(attachment && args.length === 1)) shot.must = must;
  return shot;
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

function rude(chance: Chance, facts: Facts): Frame[] {
  const name = eventName(chance);
  const body = toText([name, halfValid(name, chance, facts, junk)]);
  const event = `42/rooms,${body}`;
  const held = toText([name, { _placeholder: true, num: chance.of([0, 1, -1, 7, 1e9]) }]);
  const digit = chance.whole(0, 9);
  return chance.of([
    () => texts(`42/rooms,${chance.of(oddIds)}${body}`),
    () => texts(event.slice(0, chance.whole(0, event.length - 1))),
    () => texts(`42${chance.of(['/', '/nowhere,', '/rooms', '/rooms/,', '', ',', '//'])}${body}`),
    () => texts(`4${digit}${chance.of(['', '/rooms,', '/nowhere,'])}${toText(junk(chance))}`),
    () => texts(chance.of(['0', '1', '2', '2probe', '3', '3probe', '5', '6', '7', '9', 'x', ''])),
    () => texts(`40/rooms,${toText(junk(chance))}`, `40${toText(junk(chance))}`),
    () => texts(`43/rooms,${chance.of(oddIds)}${toText([junk(chance)])}`),
    () =>
      texts(`42/rooms,${toText(junk(chance))}`, `42/rooms,${toText([junk(chance), junk(chance)])}`),
    // Bytes that were announced and lie, are too many, or never come.
    () => texts(`45${chance.of(['0', '1', '2', '-1', '99999999999', 'x', ''])}-/rooms,${held}`),
    () => [...texts(`451-/rooms,${held}`), bytesFrame(chance.bytes(9))],
    () => [...texts(`451-/rooms,${held}`, event), bytesFrame(chance.bytes(9))],
    () => [bytesFrame(chance.bytes(chance.whole(0, 40)))],
    () => [bytesFrame(Buffer.concat([Buffer.from(event), Buffer.from([0xc3, 0x28, 0xff])]), false)],
    () => [bytesFrame(chance.bytes(chance.whole(1, 40)), false)],
  ])();
}
