import type { Role } from '../../../client/src/protocol/index.ts';
import { outcome, ownerless } from './lane.ts';
import { found, type Race } from './race.ts';

export const ownerRaces: Race[] = [
  {
    name: 'the room handed to two in one burst',
    run: async (lane) => {
      const { owner, mod, other } = lane;
      const roomId = await lane.room({}, { mods: [mod], members: [other] });
      const way = lane.any;
      const acks = await Promise.all(
        [mod, other].map(async ({ userId }) =>
          owner.ask('control:role', { roomId, userId, role: 'owner' }, way),
        ),
      );
      const given = acks.filter(({ ok }) => ok).length;
      const fault = given === 1 ? undefined : `${given} of two handed over`;
      return found(acks.map(outcome).join(' and '), [await ownerless(owner, roomId), fault]);
    },
  },
  {
    name: 'the room handed to two by two requests',
    run: async (lane) => {
      const { owner, mod, other } = lane;
      const roomId = await lane.room({}, { mods: [mod], members: [other] });
      const { userId } = mod;
      const [one, two] = await Promise.all([
        lane
          .moment()
          .then(async () => owner.ask('control:role', { roomId, userId, role: 'owner' })),
        lane
          .moment()
          .then(async () =>
            owner.ask('control:role', { roomId, userId: other.userId, role: 'owner' }, 1),
          ),
      ]);
      const given = [one, two].filter(({ ok }) => ok).length;
      const fault = given === 1 ? undefined : `${given} of two handed over`;
      const how = [one, two].map(outcome).sort().join(' and ');
      return found(how, [await ownerless(owner, roomId), fault]);
    },
  },
  {
    name: 'handed over, and the new owner demoted in one burst',
    run: async (lane) => {
      const { owner, mod } = lane;
      const roomId = await lane.room({}, { mods: [mod] });
      const { userId } = mod;
      const way = lane.any;
      const roles: Role[] = ['owner', lane.random() < 0.5 ? 'member' : 'mod'];
      const acks = await Promise.all(
        roles.map(async (role) => owner.ask('control:role', { roomId, userId, role }, way)),
      );
      const how = acks.map(outcome).join(' and ');
      return found(how, [await ownerless(owner, roomId)]);
    },
  },
  {
    name: 'the owner leaves while handing over',
    run: async (lane) => {
      const { owner, mod } = lane;
      const roomId = await lane.room({}, { mods: [mod] });
      const { userId } = mod;
      const [given, left] = await Promise.all([
        lane
          .moment()
          .then(async () => owner.ask('control:role', { roomId, userId, role: 'owner' })),
        lane
          .moment()
          .then(async () => owner.call('POST', `/api/rooms/${roomId}/leave`, {}, lane.any)),
      ]);
      const how = `given ${outcome(given)}, left ${left.status}`;
      return found(how, [await ownerless(mod, roomId)]);
    },
  },
];
