import type { AuditPage, RoomPreview, RoomSettings } from '../../../client/src/protocol/index.ts';
import { outcome } from './lane.ts';
import { found, type Race } from './race.ts';

/** Changes of settings that are under way at once. */
const changes = 15;

export const settingsRaces: Race[] = [
  {
    name: 'settings changed during a demotion',
    run: async (lane) => {
      const { owner, mod } = lane;
      const roomId = await lane.room({}, { mods: [mod] });
      const path = `/api/rooms/${roomId}`;
      const demoting = lane
        .moment()
        .then(async () =>
          owner.must('control:role', { roomId, userId: mod.userId, role: 'member' }, lane.any),
        );
      const acks = Array.from({ length: changes }, async (_, n) => {
        const settings = { slowModeSec: n + 1 };
        const way = n % 2;
        if (n % 5 !== 4)
          return outcome(await mod.ask('control:settings', { roomId, settings }, way));
        const { status } = await mod.call('PATCH', path, { settings }, way);
        return status < 300 ? 'ok' : 'forbidden';
      });
      const { seq } = await demoting;
      const answers = await Promise.all(acks);
      const { body } = await owner.call<AuditPage>('GET', `${path}/audit?limit=100`);
      const late = body.entries.filter((entry) => {
        return entry.type === 'settings' && entry.userId === mod.userId && entry.seq > seq;
      });
      const kept = answers.filter((answer) => answer === 'ok').length;
      const fault = late.length > 0 ? `${late.length} changes after the demotion` : undefined;
      return found(`${kept} of ${changes} changed`, [fault]);
    },
  },
  {
    name: 'different settings changed by two at once',
    run: async (lane) => {
      const { owner, mod } = lane;
      const roomId = await lane.room({ capacity: 50 }, { mods: [mod] });
      const path = `/api/rooms/${roomId}`;
      const capacity = 60 + Math.floor(lane.random() * 100);
      const [one, two, three] = await Promise.all([
        lane.moment().then(async () => {
          return owner.ask('control:settings', { roomId, settings: { capacity } }, 0);
        }),
        lane.moment().then(async () => {
          return mod.ask('control:settings', { roomId, settings: { whoDraws: 'mods' } }, 1);
        }),
        lane.moment().then(async () => {
          return mod.call('PATCH', path, { settings: { selfUnmute: false } }, lane.any);
        }),
      ]);
      const wanted: Partial<RoomSettings> = {
        ...(one.ok ? { capacity } : {}),
        ...(two.ok ? { whoDraws: 'mods' } : {}),
        ...(three.status < 300 ? { selfUnmute: false } : {}),
      };
      const lost = await Promise.all(
        [0, 1].map(async (way) => {
          const { body } = await owner.call<RoomPreview>('GET', path, undefined, way);
          const { settings } = body.room ?? {};
          const keys = Object.keys(wanted) as (keyof RoomSettings)[];
          return keys.filter((key) => settings?.[key] !== wanted[key]);
        }),
      );
      const gone = [...new Set(lost.flat())];
      const fault = gone.length > 0 ? `acknowledged and lost: ${gone.join(', ')}` : undefined;
      return found(`${outcome(one)}, ${outcome(two)}, ${three.status}`, [fault]);
    },
  },
];
