import { randomUUID } from 'node:crypto';
import type { BoardUpdate, MessageSent } from '../../../client/src/protocol/index.ts';
import type { Socket } from 'socket.io-client';
import { type Ack, ask } from '../../people.ts';
import { comesTrue, pause } from '../waiting.ts';
import { outcome } from './lane.ts';
import { found, type Race } from './race.ts';

const shownMs = 5_000;
/** Batches on their way at once. */
const batches = 30;
const queue = 16;

export const socketRaces: Race[] = [
  {
    name: 'a late leave against a return under the same id',
    run: async (lane) => {
      const { owner, member } = lane;
      const roomId = await lane.room({}, {});
      const session = randomUUID();
      const old = member.connect(session, lane.any);
      const first = await ask(old, 'joinRoom', { roomId });
      if (!first.ok) throw new Error(first.error.message);
      const back = member.connect(session, lane.any);
      try {
        await comesTrue(() => back.connected, shownMs);
        // At once, or after it is back: a goodbye may be long on its way.
        const isLater = lane.random() < 0.4;
        const returning = lane.moment().then(async () => ask(back, 'joinRoom', { roomId }));
        if (isLater) await returning;
        const leaving = lane.moment().then(async () => {
          // What it sent before keeps its last word waiting.
          for (let n = lane.random() * queue; n > 1; n--) {
            old.emit('chat:message', { roomId, text: 'before I go' });
          }
          return goodbye(old, roomId, lane.random() < 0.3);
        });
        const [left, joined] = await Promise.all([leaving, returning]);
        const how = `left ${left}, back ${outcome(joined)}`;
        if (!joined.ok) return { outcome: how, fault: `not let back in: ${outcome(joined)}` };
        const heard: string[] = [];
        back.on('chat:message', ({ message }: MessageSent) => heard.push(message.text));
        const text = 'are you there?';
        await owner.must('chat:message', { roomId, text });
        const hears = await comesTrue(() => heard.includes(text), shownMs);
        const said = await ask(back, 'chat:message', { roomId, text: 'yes' });
        return found(how, [
          said.ok ? undefined : `back, and then ${outcome(said)}`,
          hears ? undefined : 'back, and not told of a message',
        ]);
      } finally {
        old.disconnect();
        back.disconnect();
      }
    },
  },
  {
    name: 'strokes of two under way at once',
    run: async (lane) => {
      const { mod, member } = lane;
      const roomId = await lane.room({}, { members: [mod, member] });
      const own = new Set<string>();
      const seen: string[] = [];
      const drawn: Promise<unknown>[] = [];
      const watch = (update: BoardUpdate) => seen.push(update.opId);
      member.on(0).on('whiteboard:update', watch);
      for (let n = 0; n < batches; n++) {
        const opId = randomUUID();
        own.add(opId);
        drawn.push(
          member.must('whiteboard:draw', { roomId, opId, ops: [stroke(n)] }, 0),
          mod.must('whiteboard:draw', { roomId, opId: `mod-${opId}`, ops: [stroke(n)] }, n % 2),
        );
        if (n % 4 === 3) await lane.moment();
      }
      await Promise.all(drawn);
      await comesTrue(() => seen.length >= batches, shownMs);
      await pause(5);
      member.on(0).off('whiteboard:update', watch);
      const echoes = seen.filter((opId) => own.has(opId)).length;
      const others = seen.length - echoes;
      return found(`${others} of ${batches} shown`, [
        echoes > 0 ? `${echoes} strokes came back to who drew them` : undefined,
        others === batches ? undefined : `${others} of ${batches} strokes of the other were shown`,
      ]);
    },
  },
];

/** The old connection's last word. The server may have ended it already, for the page is back. */
async function goodbye(old: Socket, roomId: string, isCut: boolean): Promise<string> {
  if (isCut) old.disconnect();
  if (!old.connected) return 'cut';
  const left = old.timeout(2_000).emitWithAck('leaveRoom', { roomId }) as Promise<Ack<'leaveRoom'>>;
  return left.then(outcome, () => 'cut');
}

const stroke = (n: number) => ({
  type: 'stroke' as const,
  points: [[n, n] as [number, number]],
  color: '#123456',
  width: 2,
});
