import type { ClientEvents } from '../../../../client/src/protocol/index.ts';
import { atRate } from '../at-rate.ts';
import type { Guest, Identity } from '../guest.ts';
import type { Connection } from '../connection.ts';
import type { Attacks } from './attack.ts';

type EventName = keyof ClientEvents;

interface Burst {
  perSecond: number;
  burst: number;
}

/** As `docs/PROTOCOL.md` says how often each event may be sent. */
const often = (perSecond: number, burst: number): Burst => ({ perSecond, burst });
const joining = often(5, 60);
const amending = often(5, 20);
const reacting = often(10, 30);
const saving = often(0.5, 5);
const signalling = often(100, 500);
const timing = often(2, 10);

/** As large as the fields may be. */
const text = (letters: number) => '😀'.repeat(letters);
/** A signal may be 64 KiB, with all that is around it. */
const sdp = 'a=candidate '.repeat(5_400);
const emojis = ['👍', '🎉', '❤️', '😂', '😮', '😢', '👏', '🔥', '🤔', '👀'];

type Making = (guest: Guest, roomId: string, n: number) => object;

const emoji = (n: number) => emojis[n % emojis.length] ?? '👍';
const peer = ({ known }: Guest, n: number) => known.socketIds[n % known.socketIds.length] ?? 'none';

/** Every event there is: how often it may be sent, and the largest that it may bear. */
const events: Record<EventName, [Burst, Making]> = {
  joinRoom: [joining, (_, roomId, n) => ({ roomId, name: text(60), chatSeq: n % 2 ? 0 : 1e9 })],
  leaveRoom: [often(0.2, 0), (_, roomId) => ({ roomId })],
  'room:sync': [joining, (_, roomId) => ({ roomId, chatSeq: 0, boardSeq: 0 })],
  'chat:message': [often(5, 10), (_, roomId) => ({ roomId, text: text(4_000) })],
  'chat:edit': [
    amending,
    ({ known: { messageId } }, roomId, n) => ({ roomId, messageId, text: `${text(3_990)}${n}` }),
  ],
  'chat:delete': [often(0.2, 0), ({ known: { messageId } }, roomId) => ({ roomId, messageId })],
  'chat:react': [
    reacting,
    ({ known: { messageId } }, roomId, n) => ({
      roomId,
      messageId,
      emoji: emoji(n >> 1),
      on: n % 2 === 0,
    }),
  ],
  'chat:pin': [
    amending,
    ({ known: { messageId } }, roomId, n) => ({ roomId, messageId, on: n % 2 === 0 }),
  ],
  'chat:read': [reacting, (_, roomId, n) => ({ roomId, seq: n })],
  'presence:typing': [often(5, 20), (_, roomId, n) => ({ roomId, isTyping: n % 2 === 0 })],
  'whiteboard:draw': [
    often(40, 80),
    (_, roomId, n) => ({
      roomId,
      ops: [{ type: 'stroke', points: [[n % 900, 1]], color: '#123456', width: 1 }],
    }),
  ],
  'whiteboard:cursor': [often(60, 120), (_, roomId, n) => ({ roomId, x: n, y: n, tool: 'pen' })],
  'whiteboard:save': [saving, (_, roomId, n) => ({ roomId, title: `version ${n}` })],
  'whiteboard:restore': [saving, ({ known: { versionId } }, roomId) => ({ roomId, versionId })],
  'file:uploadMeta': [
    often(2, 100),
    ({ known: { uploadId } }, roomId) => ({
      roomId,
      uploadId,
      fileUrl: `/api/files/${uploadId}`,
      name: 'x'.repeat(255),
      size: 1,
    }),
  ],
  'signal:offer': [
    signalling,
    (guest, _, n) => ({ toSocketId: peer(guest, n), sdp: { type: 'offer', sdp } }),
  ],
  'signal:answer': [
    signalling,
    (guest, _, n) => ({ toSocketId: peer(guest, n), sdp: { type: 'answer', sdp } }),
  ],
  'signal:ice': [
    signalling,
    (guest, _, n) => ({ toSocketId: peer(guest, n), candidate: { candidate: sdp } }),
  ],
  'media:state': [
    often(10, 40),
    (_, roomId, n) => ({ roomId, audio: n % 2 === 0, video: n % 3 === 0, screen: n % 5 === 0 }),
  ],
  'hand:raise': [reacting, (_, roomId, n) => ({ roomId, raised: n % 2 === 0 })],
  'reaction:send': [reacting, (_, roomId, n) => ({ roomId, emoji: emoji(n) })],
  'control:mute': [amending, (guest, _, n) => ({ targetSocketId: peer(guest, n) })],
  'control:kick': [
    amending,
    ({ account: { userId } }, roomId) => ({ roomId, userId, ban: true, reason: text(200) }),
  ],
  'control:removeGuests': [amending, (_, roomId) => ({ roomId, reason: text(200) })],
  'control:unban': [amending, ({ account: { userId } }, roomId) => ({ roomId, userId })],
  'control:role': [
    amending,
    ({ account: { userId } }, roomId) => ({ roomId, userId, role: 'owner' }),
  ],
  'control:settings': [
    amending,
    (_, roomId, n) => ({ roomId, settings: { locked: n % 2 === 0, slowModeSec: 3600 } }),
  ],
  'control:admit': [
    amending,
    ({ account: { userId } }, roomId) => ({ roomId, userId, admit: true }),
  ],
  'timer:start': [timing, (_, roomId) => ({ roomId, focusMin: 1, breakMin: 1, cycles: 1 })],
  'timer:pause': [timing, (_, roomId) => ({ roomId })],
  'timer:resume': [timing, (_, roomId) => ({ roomId })],
  'timer:skip': [timing, (_, roomId) => ({ roomId })],
  'timer:stop': [timing, (_, roomId) => ({ roomId })],
  'task:create': [amending, (_, roomId) => ({ roomId, title: text(200) })],
  'task:update': [
    amending,
    ({ known: { taskId } }, roomId, n) => ({
      roomId,
      taskId,
      patch: { status: n % 2 === 0 ? 'done' : 'open' },
    }),
  ],
  'task:delete': [often(0.2, 0), ({ known: { taskId } }, roomId) => ({ roomId, taskId })],
};

export const eventNames = Object.keys(events) as EventName[];

/** Messages and tasks that others of these events name. */
async function learn(guest: Guest, connection: Connection, roomId: string): Promise<void> {
  const said = await connection.ask('chat:message', { roomId, text: 'something to react to' });
  const task = await connection.ask('task:create', { roomId, title: 'something to do' });
  guest.known.messageId = (said?.['message'] as { id: string } | undefined)?.id ?? 'none';
  guest.known.taskId = (task?.['task'] as { id: string } | undefined)?.id ?? guest.known.taskId;
}

function sending(names: EventName[], times = 1): Attacks[string] {
  return async (guest, end) => {
    const who: Identity = guest.someone;
    await guest.throughout(who, end, async (connection, over) => {
      await learn(guest, connection, who.roomId);
      await Promise.all(
        names.map(async (name) => {
          const [{ perSecond, burst }, make] = events[name];
          await atRate(perSecond * times, burst, over, (n) =>
            connection.say(name, make(guest, who.roomId, n)),
          );
        }),
      );
    });
  };
}

const small: EventName[] = ['presence:typing', 'whiteboard:cursor', 'hand:raise', 'media:state'];

export const eventAttacks: Attacks = {
  'every event': sending(eventNames.filter((name) => !name.startsWith('signal:'))),
  'long messages': sending(['chat:message', 'chat:edit', 'chat:delete']),
  'reactions toggled': sending(['chat:react', 'reaction:send', 'chat:read']),
  'small signs': sending(small),
  'far over the limits': sending([...small, 'chat:read', 'chat:react', 'control:settings'], 20),
  'signals of 64 KiB': sending(['signal:offer', 'signal:answer', 'signal:ice'], 1 / 3),
  'all asked again': sending(['room:sync', 'joinRoom']),
};
