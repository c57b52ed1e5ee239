import type { ClientEvents } from '../../../client/src/protocol/index.ts';
import type { Chance } from './chance.ts';
import { junk } from './junk.ts';

/** What half-valid payloads name that is really there. */
export interface Facts {
  token: string;
  roomIds: string[];
  userIds: string[];
  messageIds: string[];
  taskIds: string[];
  socketIds: string[];
}

type Payload = Record<string, unknown>;
export type EventName = keyof ClientEvents;

type Makers = {
  [E in EventName]: (chance: Chance, facts: Facts) => ClientEvents[E]['payload'];
};

const roomId = (chance: Chance, facts: Facts) => chance.of(facts.roomIds);
const inRoom = (chance: Chance, facts: Facts) => ({ roomId: roomId(chance, facts) });
const message = (chance: Chance, facts: Facts) => ({
  ...inRoom(chance, facts),
  messageId: chance.of(facts.messageIds),
});
const user = (chance: Chance, facts: Facts) => ({
  ...inRoom(chance, facts),
  userId: chance.of(facts.userIds),
});
const elementId = (chance: Chance) => `e${chance.whole(0, 40)}`;
const coordinate = (chance: Chance) => chance.whole(-500, 500) / 2;
const points = (chance: Chance): [number, number][] =>
  Array.from({ length: chance.whole(1, 6) }, () => [coordinate(chance), coordinate(chance)]);
const on = (chance: Chance) => chance.in(0.5);
const text = (chance: Chance) => `words ${chance.whole(0, 9999)}`;
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
  joinRoom: (c, f) => ({ ...inRoom(c, f), chatSeq: c.whole(0, 99), boardSeq: c.whole(0, 99) }),
  leaveRoom: inRoom,
  'room:sync': (c, f) => ({ ...inRoom(c, f), chatSeq: c.whole(0, 500), boardSeq: 0 }),
  'chat:message': (c, f) => ({
    ...inRoom(c, f),
    text: text(c),
    replyTo: c.of(f.messageIds),
    eventId: eventId(c),
  }),
  'chat:edit': (c, f) => ({ ...message(c, f), text: text(c) }),
  'chat:delete': message,
  'chat:react': (c, f) => ({ ...message(c, f), emoji: '👍', on: on(c) }),
  'chat:pin': (c, f) => ({ ...message(c, f), on: on(c) }),
  'chat:read': (c, f) => ({ ...inRoom(c, f), seq: c.whole(0, 500) }),
  'presence:typing': (c, f) => ({ ...inRoom(c, f), isTyping: on(c) }),
  'whiteboard:draw': (c, f) => ({ ...inRoom(c, f), ops: [op(c), op(c)], opId: eventId(c) }),
  'whiteboard:cursor': (c, f) => ({ ...inRoom(c, f), x: coordinate(c), y: coordinate(c) }),
  'whiteboard:save': (c, f) => ({ ...inRoom(c, f), title: text(c) }),
  'whiteboard:restore': (c, f) => ({ ...inRoom(c, f), versionId: eventId(c) }),
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
  'control:unban': user,
  'control:role': (c, f) => ({ ...user(c, f), role: c.of(['member', 'mod'] as const) }),
  'control:settings': (c, f) => ({
    ...inRoom(c, f),
    settings: { capacity: c.whole(20, 50), slowModeSec: 0, whoDraws: 'everyone', locked: false },
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

/** A payload of the right form. */
export function good(name: EventName, chance: Chance, facts: Facts): Payload {
  return { ...makers[name](chance, facts) };
}

/** A payload of the right form, but for one place. */
export function halfValid(name: EventName, chance: Chance, facts: Facts): Payload {
  const payload = structuredClone(good(name, chance, facts));
  spoil(payload, chance);
  return payload;
}

function spoil(place: Payload | unknown[], chance: Chance): void {
  const keys = Object.keys(place);
  if (keys.length === 0) return;
  const key = chance.of(keys) as keyof typeof place;
  const inner: unknown = Reflect.get(place, key);
  if (typeof inner === 'object' && inner !== null && chance.in(0.75)) {
    spoil(inner as Payload, chance);
  } else if (chance.in(0.15) && !Array.isArray(place)) {
    Reflect.deleteProperty(place, key);
  } else {
    Reflect.set(place, key, junk(chance));
  }
}
