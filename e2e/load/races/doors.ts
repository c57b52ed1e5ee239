import type {
  AuditPage,
  MessagePage,
  RoomSettingsPatch,
} from '../../../client/src/protocol/index.ts';
import { type Lane, outcome, type Player } from './lane.ts';
import { found, type Race, type Round } from './race.ts';

const posts = 8;

/** Where in the log the settings were changed last. */
async function settingsSeq({ owner }: Lane, roomId: string): Promise<number> {
  const path = `/api/rooms/${roomId}/audit?limit=100`;
  const { body } = await owner.call<AuditPage>('GET', path);
  return body.entries.findLast(({ type }) => type === 'settings')?.seq ?? NaN;
}

async function saidAfter({ owner }: Lane, roomId: string, who: Player, seq: number) {
  const path = `/api/rooms/${roomId}/messages?limit=100`;
  const { body } = await owner.call<MessagePage>('GET', path);
  return body.messages.filter((message) => message.senderId === who.userId && message.seq > seq);
}

/** A guest who posts while the door is shut; what must hold for the guest afterwards. */
async function shut(lane: Lane, settings: RoomSettingsPatch, isInside: boolean): Promise<Round> {
  const { owner, guest } = lane;
  const roomId = await lane.room({}, { members: [guest] });
  const path = `/api/rooms/${roomId}/messages`;
  if (!isInside) for (const way of [0, 1]) await guest.must('leaveRoom', { roomId }, way);
  const [changed, ...posted] = await Promise.all([
    lane.moment().then(async () => owner.ask('control:settings', { roomId, settings }, lane.any)),
    ...Array.from({ length: posts }, async (_, n) => {
      const text = `message ${n}`;
      if (isInside && n % 2 === 0) {
        return outcome(await guest.ask('chat:message', { roomId, text }, n % 4 ? 0 : 1));
      }
      const { status } = await guest.call('POST', path, { text }, n % 2);
      return status < 300 ? 'ok' : 'refused';
    }),
  ]);
  if (!changed.ok) throw new Error(changed.error.message);
  const seq = await settingsSeq(lane, roomId);
  const late = await saidAfter(lane, roomId, guest, seq);
  const reads = await guest.call('GET', path);
  const says = await guest.call('POST', path, { text: 'still here?' });
  const kept = posted.filter((each) => each === 'ok').length;
  return found(`${kept} of ${posts} posted`, [
    late.length > 0 ? `${late.length} messages of a guest behind the shut door` : undefined,
    reads.status < 300 || says.status < 300 ? 'shut out, and goes on by HTTP' : undefined,
  ]);
}

export const doorRaces: Race[] = [
  {
    name: 'a guest who posts while guests are shut out',
    run: async (lane) => shut(lane, { guests: false }, true),
  },
  {
    name: 'a guest outside who posts while the room is locked',
    run: async (lane) => shut(lane, { locked: true }, false),
  },
  {
    name: 'a guest outside who posts while it is made for members',
    run: async (lane) => shut(lane, { access: 'members' }, false),
  },
];
