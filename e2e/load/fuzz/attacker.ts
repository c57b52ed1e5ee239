import type { Cast, Seat } from './cast.ts';
import { Chance } from './chance.ts';
import type { Dialect } from './dialect.ts';
import { json } from './json.ts';
import { type Line, PollingLine, WebSocketLine } from './lines.ts';
import { packed } from './packed.ts';
import type { Facts } from './payloads.ts';
import type { Tally } from './tally.ts';
import { Visitor } from './visitor.ts';

/** Opens a connection to an address and path. */
export type Dial = (base: string, isPolling: boolean) => Line;

export const dial: Dial = (base, isPolling) =>
  isPolling ? new PollingLine(base) : new WebSocketLine(base);

export interface Attack {
  url: string;
  cast: Cast;
  /** Also names the pages that come back, so that the room is not full of those who left. */
  seed: number;
  packets: number;
  tally: Tally;
  dial: Dial;
  /** How long an answer may take. */
  limitMs: number;
}

/** Ids that are kept of one kind, the newest. */
const learned = 12;

const open = { access: 'link', guests: true, capacity: 1000, locked: false, whoDraws: 'everyone' };
const free = { ...open, whoRunsTimer: 'everyone', selfUnmute: true, slowModeSec: 0 };

/** Sends its share of packets, on one connection after another. */
export async function attack(order: Attack): Promise<void> {
  const { tally, packets, seed, cast } = order;
  const chance = new Chance(seed);
  const shared = factsOf(cast);
  const own = new Map<Seat, Facts>();
  let left = packets;
  while (left > 0) {
    const seat = seatOf(chance);
    const facts = own.get(seat) ?? { ...shared, ownIds: ['none'] };
    own.set(seat, facts);
    const visitor = call(order, chance);
    tally.note(`${visitor.dialect.name} as ${seat}`);
    const isPolite = chance.in(0.5);
    visitor.onAck = (event, ack) => learn(facts, event, ack);
    if (await arrive(visitor, order, seat, chance, facts)) {
      while (left > 0 && visitor.isOpen) {
        left -= await volley(visitor, chance, facts, left);
        visitor.ask('room:sync', { roomId: cast.home, chatSeq: 1e6 });
        if (!(await visitor.isSettled())) break;
      }
    } else left--;
    visitor.end(isPolite);
  }
}

function factsOf(cast: Cast): Facts {
  return {
    home: cast.home,
    doors: [cast.shared, ...cast.doors],
    userIds: cast.baits,
    messageIds: ['none'],
    ownIds: ['none'],
    taskIds: ['none'],
    versionIds: ['none'],
    socketIds: ['none'],
  };
}

function seatOf(chance: Chance): Seat {
  return chance.of<Seat>([
    'lead',
    'lead',
    'lead',
    'mod',
    'mod',
    'member',
    'member',
    'guest',
    'bait',
  ]);
}

function call({ url, tally, dial, limitMs }: Attack, chance: Chance): Visitor {
  const dialect: Dialect = chance.in(0.55) ? json : packed;
  return new Visitor(dial(url + dialect.path, chance.in(0.25)), dialect, tally, limitMs);
}

/** Into the namespace and the room, now and then with garbage first. Resolves to whether it is in. */
async function arrive(
  visitor: Visitor,
  { cast, seed, tally }: Attack,
  seat: Seat,
  chance: Chance,
  facts: Facts,
): Promise<boolean> {
  const [bad, code] = chance.of(cast.refused);
  const isRefused = chance.in(0.05);
  const isRude = chance.in(0.1);
  const garbage = visitor.dialect.packet(chance, facts, visitor.nextId).frames;
  const session = chance.of([`page-${seed}-${seat}`, undefined]);
  if (!(await visitor.open())) return false;
  if (isRude) visitor.send({ frames: garbage, rude: true });
  const auth = { token: isRefused ? bad : cast.tokens[seat], session };
  const isIn = await visitor.enter(auth);
  const refusal = isRefused ? code : undefined;
  // Garbage may be another CONNECT.
  if (!isRude && visitor.isOpen && visitor.refusal !== refusal)
    tally.fault(`CONNECT: ${visitor.refusal ?? 'let in'}, not ${refusal ?? 'let in'}`);
  if (!isIn) return false;
  const join = { roomId: cast.home, name: undefined, chatSeq: 1e6, boardSeq: 1e6 };
  visitor.ask('joinRoom', join, seat === 'lead' ? 'ok' : undefined);
  if (seat === 'lead') visitor.ask('control:settings', { roomId: cast.home, settings: free });
  if (seat === 'bait') visitor.ask('joinRoom', { roomId: cast.shared });
  return visitor.isSettled();
}

/** Some packets, up to one that may end the connection. Resolves to how many were sent. */
async function volley(
  visitor: Visitor,
  chance: Chance,
  facts: Facts,
  left: number,
): Promise<number> {
  for (let sent = 1; ; sent++) {
    const shot = visitor.dialect.packet(chance, facts, visitor.nextId);
    // What came before is answered first.
    if (shot.rude && !(await visitor.isSettled())) return sent;
    visitor.send(shot);
    // Whoever left comes back, or all the rest would be turned away.
    if (shot.event === 'leaveRoom')
      visitor.ask('joinRoom', { roomId: facts.home, chatSeq: 1e6, boardSeq: 1e6 });
    if (shot.rude || sent === Math.min(32, left)) return sent;
  }
}

/** Keeps the ids of what there is, so that what is sent next means something. */
function learn(facts: Facts, event: string, answer: unknown): void {
  const ack = answer as Record<string, { id?: string; versionId?: string } | undefined>;
  const keep = (list: keyof Facts, id: unknown) => {
    const known = facts[list];
    if (typeof id !== 'string' || !Array.isArray(known)) return;
    known.push(id);
    if (known.length > learned) known.splice(1, 1);
  };
  if (event === 'chat:message') {
    keep('messageIds', ack['message']?.id);
    keep('ownIds', ack['message']?.id);
  } else if (event === 'task:create') keep('taskIds', ack['task']?.id);
  else if (event === 'whiteboard:save') keep('versionIds', ack['version']?.versionId);
  else if (event === 'joinRoom') {
    const { roomState } = answer as { roomState?: { you?: { socketId: string } } };
    keep('socketIds', roomState?.you?.socketId);
  }
}
