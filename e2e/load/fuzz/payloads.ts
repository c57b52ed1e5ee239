import type { ClientEvents } from '../../../client/src/protocol/index.ts';
import type { Outcome } from './answers.ts';
import type { Chance } from './chance.ts';

/** What payloads name that is really there; what was learned of late comes last. */
export interface Facts {
  /** The room that most of it happens in. */
  home: string;
  /** Rooms with something in the way. */
  doors: string[];
  /** People that may be sent out. */
  userIds: string[];
  messageIds: string[];
  /** Messages of the sender's own. */
  ownIds: string[];
  taskIds: string[];
  versionIds: string[];
  socketIds: string[];
}

type Payload = Record<string, unknown>;
export type EventName = keyof ClientEvents;

type Makers = {
  [E in EventName]: (chance: Chance, facts: Facts) => ClientEvents[E]['payload'];
};

const most = 0.95;
const inRoom = (chance: Chance, facts: Facts) => ({
  roomId: chance.in(most) ? facts.home : chance.of(facts.doors),
});
const message = (chance: Chance, facts: Facts, isOwn = chance.in(0.5)) => ({
  ...inRoom(chance, facts),
  messageId: chance.of(isOwn ? facts.ownIds : facts.messageIds),
});
const user = (chance: Chance, facts: Facts) => ({
  ...inRoom(chance, facts),
  userId: chance.of(facts.userIds),
});
/** Joining is where most doors are. */
const atDoor = (chance: Chance, facts: Facts) => ({
  roomId: chance.in(0.7) ? facts.home : chance.of(facts.doors),
});
const elementId = (chance: Chance) => `e${chance.whole(0, 40)}`;
const coordinate = (chance: Chance) => chance.whole(-500, 500) / 2;
const points = (chance: Chance): [number, number][] =>
  Array.from({ length: chance.whole(1, 6) }, () => [coordinate(chance), coordinate(chance)]);
const on = (chance: Chance) => chance.in(0.5);
const text = (chance: Chance) =>
  chance.in(0.02) ? 'long '.repeat(1_000) : `words ${chance.whole(0, 9999)}`;
/** A position that is mostly ahead: all of a long log each time would take an hour. */
const seq = (chance: Chance) => (chance.in(0.9) ? 1_000_000 : chance.whole(0, 99));
const eventId = (chance: Chance) => `x-${chance.whole(0, 1_000_000)}`;
const description = (chance: Chance, facts: Facts) => ({
  toSocketId: chance.of(facts.socketIds),
  sdp: { type: chance.of(['offer', 'answer'] as const), sdp: 'v=0\r\n' },
});

function op(chance: Chance): ClientEvents['whiteboard:draw']['payload']['ops'][number] {
  const id = elementId(chance);
  const look = { color: '#102030', width: 2 };
  return chance.of([
    { type: 'stroke', id, points: points(chance), ...look },
    { type: 'append', id, offset: chance.whole(0, 9), points: points(chance) },
    { type: 'put', element: { id, kind: 'rect', x: 0, y: 0, w: 9, h: 9, ...look } },
    { type: 'patch', id, set: { x: coordinate(chance), text: 'new' } },
    { type: 'erase', ids: [id] },
    { type: 'clear' },
  ] as const);
}

const makers: Makers = {
  joinRoom: (c, f) => ({ ...atDoor(c, f), chatSeq: seq(c), boardSeq: seq(c) }),
  leaveRoom: inRoom,
  'room:sync': (c, f) => ({ ...inRoom(c, f), chatSeq: seq(c), boardSeq: seq(c) }),
  'chat:message': (c, f) => ({
    ...inRoom(c, f),
    text: text(c),
    replyTo: c.of(f.messageIds),
    eventId: eventId(c),
  }),
  'chat:edit': (c, f) => ({ ...message(c, f, c.in(0.9)), text: text(c) }),
  'chat:delete': (c, f) => message(c, f),
  'chat:react': (c, f) => ({ ...message(c, f), emoji: '👍', on: on(c) }),
  'chat:pin': (c, f) => ({ ...message(c, f), on: on(c) }),
  'chat:read': (c, f) => ({ ...inRoom(c, f), seq: c.whole(0, 500) }),
  'presence:typing': (c, f) => ({ ...inRoom(c, f), isTyping: on(c) }),
  'whiteboard:draw': (c, f) => ({ ...inRoom(c, f), ops: [op(c), op(c)], opId: eventId(c) }),
  'whiteboard:cursor': (c, f) => ({ ...inRoom(c, f), x: coordinate(c), y: coordinate(c) }),
  'whiteboard:save': (c, f) => ({ ...inRoom(c, f), title: text(c) }),
  'whiteboard:restore': (c, f) => ({ ...inRoom(c, f), versionId: c.of(f.versionIds) }),
  'file:uploadMeta': (c, f) => {
    const uploadId = c.of(f.messageIds);
    const fileUrl = `/api/files/${uploadId}`;
    return { ...inRoom(c, f), uploadId, fileUrl, name: text(c), size: c.whole(1, 500) };
  },
  'signal:offer': description,
  'signal:answer': description,
  'signal:ice': (c, f) => ({
    toSocketId: c.of(f.socketIds),
    candidate: { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 },
  }),
  'media:state': (c, f) => ({ ...inRoom(c, f), audio: on(c), video: on(c), screen: on(c) }),
  'hand:raise': (c, f) => ({ ...inRoom(c, f), raised: on(c) }),
  'reaction:send': (c, f) => ({ ...inRoom(c, f), emoji: '🎉' }),
  'control:mute': (c, f) => ({ targetSocketId: c.of(f.socketIds), kind: 'audio', on: on(c) }),
  'control:kick': (c, f) => ({ ...user(c, f), ban: on(c) }),
  'control:removeGuests': inRoom,
  'control:unban': user,
  'control:role': (c, f) => ({ ...user(c, f), role: c.of(['member', 'mod'] as const) }),
  'control:settings': (c, f) => ({
    ...inRoom(c, f),
    settings: { capacity: c.whole(900, 1000), slowModeSec: 0, whoDraws: 'everyone', locked: false },
  }),
  'control:admit': (c, f) => ({ ...user(c, f), admit: on(c) }),
  'timer:start': (c, f) => ({ ...inRoom(c, f), focusMin: 25, breakMin: 5, cycles: 4 }),
  'timer:pause': inRoom,
  'timer:resume': inRoom,
  'timer:skip': inRoom,
  'timer:stop': inRoom,
  'task:create': (c, f) => ({ ...inRoom(c, f), title: text(c), eventId: eventId(c) }),
  'task:update': (c, f) => ({
    ...inRoom(c, f),
    taskId: c.of(f.taskIds),
    patch: { title: text(c), status: 'doing', assigneeId: null, order: c.whole(0, 9) },
  }),
  'task:delete': (c, f) => ({ ...inRoom(c, f), taskId: c.of(f.taskIds) }),
};

export const eventNames = Object.keys(makers) as EventName[];

/** Makes up for what is deleted, and for who left. */
const oftener: EventName[] = ['chat:message', 'chat:message', 'task:create', 'joinRoom'];
const drawn = [...eventNames, ...oftener];

export const eventName = (chance: Chance): EventName => chance.of(drawn);

/** Makes a value that is hardly ever right. */
export type Junk = (chance: Chance) => unknown;

/** A payload of the right form. */
export function good(name: EventName, chance: Chance, facts: Facts): Payload {
  return { ...makers[name](chance, facts) };
}

/** A payload of the right form, but for one place. */
export function halfValid(name: EventName, chance: Chance, facts: Facts, junk: Junk): Payload {
  const payload = structuredClone(good(name, chance, facts));
  spoil(payload, chance, junk);
  return payload;
}

function spoil(place: Payload | unknown[], chance: Chance, junk: Junk): void {
  // A room of one would be full for all the rest.
  const keys = Object.keys(place).filter((key) => key !== 'capacity' && key !== 'locked');
  if (keys.length === 0) return;
  const key = chance.of(keys) as keyof typeof place;
  const inner: unknown = Reflect.get(place, key);
  if (typeof inner === 'object' && inner !== null && chance.in(0.75)) {
    spoil(inner as Payload, chance, junk);
  } else if (chance.in(0.15) && !Array.isArray(place)) {
    Reflect.deleteProperty(place, key);
  } else {
    Reflect.set(place, key, junk(chance));
  }
}

/** An event and its arguments. */
export interface Call {
  name: string;
  args: unknown[];
  must?: Outcome;
}

export function nextCall(chance: Chance, facts: Facts, junk: Junk): Call {
  const name = eventName(chance);
  const kind = chance.random();
  if (kind < 0.5) return { name, args: [good(name, chance, facts)] };
  if (kind < 0.82) return { name, args: [halfValid(name, chance, facts, junk)] };
  if (kind < 0.88) return { name, args: [junk(chance)], must: 'bad_request' };
  if (kind < 0.91) return { name, args: [], must: 'bad_request' };
  if (kind < 0.95) return { name, args: [good(name, chance, facts), junk(chance)] };
  return { name: `no:${chance.whole(0, 99)}`, args: [junk(chance)], must: 'bad_request' };
}
