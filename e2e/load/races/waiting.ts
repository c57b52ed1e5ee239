import { comesTrue } from '../waiting.ts';
import { outcome } from './lane.ts';
import { found, type Race } from './race.ts';

const toldMs = 5_000;

export const waitingRaces: Race[] = [
  {
    name: 'knocking at a room that is removed',
    run: async (lane) => {
      const { owner, member } = lane;
      const roomId = await lane.room({ access: 'waiting' });
      const told: string[] = [];
      const socket = member.on(lane.any);
      const watch = (event: string) => told.push(event);
      socket.onAny(watch);
      const way = member.sockets.indexOf(socket);
      const [knocked, removed] = await Promise.all([
        lane.moment().then(async () => member.ask('joinRoom', { roomId }, way)),
        lane.moment().then(async () => owner.call('DELETE', `/api/rooms/${roomId}`, {}, lane.any)),
      ]);
      const waits = outcome(knocked) === 'waiting_for_admission';
      const isTold = !waits || (await comesTrue(() => told.length > 0, toldMs));
      socket.offAny(watch);
      const again = outcome(await member.ask('joinRoom', { roomId }, way));
      const how = `${outcome(knocked)}, removed ${removed.status}`;
      return found(how, [
        isTold ? undefined : 'waits at a room that is gone, and is not told',
        again === 'not_found' ? undefined : `a removed room answers ${again}`,
      ]);
    },
  },
  {
    name: 'admitted while the room is locked',
    run: async (lane) => {
      const { owner, mod, member } = lane;
      const roomId = await lane.room({ access: 'waiting' }, { mods: [mod] });
      const knocked = await member.ask('joinRoom', { roomId }, 0);
      const { userId } = member;
      const [admitted, locked] = await Promise.all([
        lane
          .moment()
          .then(async () => mod.ask('control:admit', { roomId, userId, admit: true }, lane.any)),
        lane
          .moment()
          .then(async () =>
            owner.ask('control:settings', { roomId, settings: { locked: true } }, lane.any),
          ),
      ]);
      const entered = await member.ask('joinRoom', { roomId }, 1);
      const how = `${outcome(knocked)}, admitted ${outcome(admitted)}, then ${outcome(entered)}`;
      // Whoever comes in after the lock is a moderator.
      const fault = locked.ok && entered.ok ? 'came into a locked room' : undefined;
      return found(how, [fault]);
    },
  },
];
