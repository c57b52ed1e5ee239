import { ask } from '../people.ts';
import type { Cast, Player } from './cast.ts';

/** Something tried over a socket: its outcome is `ok` or the code of the refusal. */
export interface Row {
  name: string;
  /** Makes ready what it takes, without trying it yet: where that can be told apart. */
  prepare?: (cast: Cast, by: Player) => Promise<() => Promise<string>>;
  try(cast: Cast, by: Player): Promise<string>;
}

async function send(by: Player, event: string, payload: object): Promise<string> {
  const ack = await ask(by.socket, event as 'chat:message', payload as never);
  return ack.ok ? 'ok' : ack.error.code;
}

/** One event with one payload. */
function row(
  event: string,
  payload: (cast: Cast, by: Player) => object | Promise<object>,
  name = event,
): Row {
  return prepared(name, async (cast, by) => {
    const whole = { roomId: cast.roomId, ...(await payload(cast, by)) };
    return async () => send(by, event, whole);
  });
}

/** Tried as soon as it is ready, unless it is asked for otherwise. */
export function prepared(name: string, prepare: NonNullable<Row['prepare']>): Row {
  return { name, prepare, try: async (cast, by) => (await prepare(cast, by))() };
}

const stroke = { type: 'stroke', points: [[1, 2]], color: '#123456', width: 2 };

/** A message of the one who tries where they have one, else of the owner. */
const own = async (cast: Cast, by: Player) =>
  cast.message(by === cast.players.stranger ? cast.players.owner : by);

/** Someone else in the room. */
const other = (cast: Cast, by: Player) =>
  by.person.userId === cast.players.mod.person.userId ? cast.players.owner : cast.players.mod;

function timer(action: string, state: 'idle' | 'running' | 'paused'): Row {
  return row(`timer:${action}`, async (cast) => {
    await cast.timer(state);
    return {};
  });
}

export const socketRows: Row[] = [
  row('room:sync', () => ({ chatSeq: 0 })),
  row('chat:message', () => ({ text: 'hi' })),
  row(
    'chat:edit',
    async (cast, by) => ({ messageId: await own(cast, by), text: 'ho' }),
    'chat:edit, own',
  ),
  row(
    'chat:edit',
    async (cast, by) => ({ messageId: await cast.message(other(cast, by)), text: 'ho' }),
    "chat:edit, another's",
  ),
  row('chat:delete', async (cast, by) => ({ messageId: await own(cast, by) }), 'chat:delete, own'),
  row(
    'chat:delete',
    async (cast, by) => ({ messageId: await cast.message(other(cast, by)) }),
    "chat:delete, another's",
  ),
  row('chat:react', async (cast) => ({
    messageId: await cast.message(cast.players.owner),
    emoji: '👍',
    on: true,
  })),
  row('chat:pin', async (cast) => ({
    messageId: await cast.message(cast.players.owner),
    on: false,
  })),
  row('chat:read', () => ({ seq: 1 })),
  row('presence:typing', () => ({ isTyping: false })),
  row('whiteboard:draw', () => ({ ops: [stroke] })),
  row('whiteboard:cursor', () => ({ x: 1, y: 2 })),
  row('whiteboard:save', () => ({ title: 'as it is' })),
  row('whiteboard:restore', async (cast) => ({ versionId: await cast.version() })),
  row('file:uploadMeta', async (cast, by) =>
    cast.upload(by === cast.players.stranger ? cast.players.owner : by),
  ),
  row('signal:offer', (cast, by) => ({
    toSocketId: other(cast, by).socketId,
    sdp: { type: 'offer', sdp: '' },
  })),
  row('signal:answer', (cast, by) => ({
    toSocketId: other(cast, by).socketId,
    sdp: { type: 'answer', sdp: '' },
  })),
  row('signal:ice', (cast, by) => ({ toSocketId: other(cast, by).socketId, candidate: null })),
  row('media:state', () => ({ audio: false, video: false, screen: false })),
  row('hand:raise', () => ({ raised: false })),
  row('reaction:send', () => ({ emoji: '🎉' })),
  row(
    'control:mute',
    async (cast) => ({ targetSocketId: (await cast.victim()).socketId }),
    'control:mute, a guest',
  ),
  row(
    'control:mute',
    (cast) => ({ targetSocketId: cast.players.mod.socketId, kind: 'screen' }),
    'control:mute, the moderator',
  ),
  row(
    'control:mute',
    (cast) => ({ targetSocketId: cast.players.owner.socketId, kind: 'screen' }),
    'control:mute, the owner',
  ),
  row(
    'control:kick',
    async (cast) => ({ userId: (await cast.victim()).person.userId }),
    'control:kick, a guest',
  ),
  row(
    'control:kick',
    async (cast) => ({ userId: (await cast.victim()).person.userId, ban: true }),
    'control:kick, a guest for good',
  ),
  row(
    'control:kick',
    (cast) => ({ userId: cast.players.owner.person.userId }),
    'control:kick, the owner',
  ),
  {
    name: 'control:removeGuests',
    try: async (cast, by) => {
      const outcome = await send(by, 'control:removeGuests', { roomId: cast.roomId });
      // The guest comes in again, for the rows that follow.
      if (outcome === 'ok') await send(cast.players.guest, 'joinRoom', { roomId: cast.roomId });
      return outcome;
    },
  },
  row('control:unban', () => ({ userId: 'someone who is not banned' })),
  row(
    'control:role',
    (cast) => ({ userId: cast.players.mod.person.userId, role: 'mod' }),
    'control:role, of the moderator',
  ),
  row(
    'control:role',
    (_, by) => ({ userId: by.person.userId, role: 'owner' }),
    'control:role, oneself to owner',
  ),
  row('control:settings', () => ({ settings: { slowModeSec: 0 } })),
  row('control:admit', () => ({ userId: 'someone who does not wait', admit: true })),
  timer('start', 'idle'),
  timer('pause', 'running'),
  timer('resume', 'paused'),
  timer('skip', 'running'),
  timer('stop', 'running'),
  row('task:create', () => ({ title: 'more to do' })),
  row('task:update', async (cast) => ({ taskId: await cast.task(), patch: { status: 'done' } })),
  row('task:delete', async (cast) => ({ taskId: await cast.task() })),
  {
    name: 'media:state, after a mute',
    try: async (cast, by) => {
      const moderator = cast.players.owner === by ? cast.players.mod : cast.players.owner;
      const mute = { targetSocketId: by.socketId, kind: 'audio' };
      await send(moderator, 'control:mute', mute);
      const media = { roomId: cast.roomId, audio: true, video: false, screen: false };
      const outcome = await send(by, 'media:state', media);
      await send(moderator, 'control:mute', { ...mute, on: false });
      return outcome;
    },
  },
];
