import type { Message, MessagePage } from '../../../client/src/protocol/index.ts';
import type { Answer } from '../../people.ts';
import { type Lane, outcome, ownerless, type Player, rolesIn, ways } from './lane.ts';
import { found, type Race, type Round } from './race.ts';

/** What a banned person can still do, on any instance. */
async function powers(banned: Player, roomId: string): Promise<string[]> {
  const path = `/api/rooms/${roomId}`;
  const all = ways.map(async (way) => {
    const ways: [string, () => Promise<boolean>][] = [
      ['reads', async () => isGood(await banned.call('GET', `${path}/messages`, undefined, way))],
      [
        'posts by REST',
        async () => isGood(await banned.call('POST', `${path}/messages`, { text: 'x' }, way)),
      ],
      [
        'gets an upload URL',
        async () => {
          const asked = { roomId, name: 'a', size: 1, mimeType: 'text/plain' };
          return isGood(await banned.call('POST', '/api/upload-url', asked, way));
        },
      ],
      [
        'posts by socket',
        async () => (await banned.ask('chat:message', { roomId, text: 'x' }, way)).ok,
      ],
      ['joins', async () => (await banned.ask('joinRoom', { roomId }, way)).ok],
      ['becomes a member', async () => isGood(await banned.call('POST', `${path}/join`, {}, way))],
    ];
    const can: string[] = [];
    for (const [what, tries] of ways) if (await tries()) can.push(what);
    return can;
  });
  return (await Promise.all(all)).flat();
}

const isGood = ({ status }: Answer<unknown>) => status < 300;

/** A message of theirs that stands after the ban in the log. */
async function saidAfter(
  reader: Player,
  roomId: string,
  userId: string,
  seq: number,
): Promise<string | undefined> {
  const { body } = await reader.call<MessagePage>('GET', `/api/rooms/${roomId}/messages?limit=100`);
  const late = body.messages.find((message: Message) => {
    return message.senderId === userId && message.seq > seq;
  });
  return late && `a message at ${late.seq}, after the ban at ${seq}`;
}

/** After a ban that was acknowledged. */
async function aftermath(
  lane: Lane,
  roomId: string,
  banned: Player,
  seq: number,
  how: string,
): Promise<Round> {
  const can = await powers(banned, roomId);
  const late = await saidAfter(lane.owner, roomId, banned.userId, seq);
  return found(how, [can.length > 0 ? `banned, and ${can.join(', ')}` : undefined, late]);
}

export const banRaces: Race[] = [
  {
    name: 'a ban against leaving and joining',
    run: async (lane) => {
      const { mod, member } = lane;
      const roomId = await lane.room({}, { mods: [mod], members: [member] });
      const path = `/api/rooms/${roomId}`;
      const [banning, moving, coming] = [lane.any, lane.any, lane.any];
      const after = async <T>(act: () => Promise<T>) => lane.moment().then(act);
      const [ban, left, joined, entered] = await Promise.all([
        after(async () =>
          mod.ask('control:kick', { roomId, userId: member.userId, ban: true }, banning),
        ),
        after(async () => member.call('POST', `${path}/leave`, {}, moving)),
        after(async () => member.call('POST', `${path}/join`, {}, moving)),
        after(async () => member.ask('joinRoom', { roomId }, coming)),
      ]);
      const how = `${outcome(ban)}: left ${left.status}, joined ${joined.status}, ${outcome(entered)}`;
      if (!ban.ok) return { outcome: how };
      return aftermath(lane, roomId, member, ban.seq, how);
    },
  },
  {
    name: 'a ban against posting',
    run: async (lane) => {
      const { mod, member } = lane;
      const roomId = await lane.room({}, { mods: [mod], members: [member] });
      const texts = Array.from({ length: 8 }, (_, n) => `message ${n}`);
      const [ban, ...posts] = await Promise.all([
        lane
          .moment()
          .then(async () => mod.ask('control:kick', { roomId, userId: member.userId, ban: true })),
        ...texts.map(async (text, n) => {
          const way = n % 2;
          if (n % 3 !== 0) return outcome(await member.ask('chat:message', { roomId, text }, way));
          const posted = await member.call('POST', `/api/rooms/${roomId}/messages`, { text }, way);
          return isGood(posted) ? 'ok' : 'refused';
        }),
      ]);
      if (!ban.ok) return { outcome: outcome(ban), fault: 'a moderator may ban a member' };
      const kept = posts.filter((each) => each === 'ok').length;
      return aftermath(lane, roomId, member, ban.seq, `${kept} of ${texts.length} posted`);
    },
  },
  {
    name: 'a ban against admitting',
    run: async (lane) => {
      const { mod, other, member } = lane;
      const roomId = await lane.room({ access: 'waiting' }, { mods: [mod, other] });
      const knocked = await member.ask('joinRoom', { roomId }, lane.any);
      const { userId } = member;
      const [banning, admitting] = [lane.any, lane.any];
      const [ban, admitted] = await Promise.all([
        lane
          .moment()
          .then(async () => mod.ask('control:kick', { roomId, userId, ban: true }, banning)),
        lane
          .moment()
          .then(async () => other.ask('control:admit', { roomId, userId, admit: true }, admitting)),
      ]);
      const how = `knocked ${outcome(knocked)}, ban ${outcome(ban)}, admitted ${outcome(admitted)}`;
      if (!ban.ok) return { outcome: how };
      return aftermath(lane, roomId, member, ban.seq, how);
    },
  },
  {
    name: 'two moderators ban each other',
    run: async (lane) => {
      const { mod, other } = lane;
      const roomId = await lane.room({}, { mods: [mod, other] });
      const [one, two] = [lane.any, lane.any];
      const [first, second] = await Promise.all([
        lane
          .moment()
          .then(async () =>
            mod.ask('control:kick', { roomId, userId: other.userId, ban: true }, one),
          ),
        lane
          .moment()
          .then(async () =>
            other.ask('control:kick', { roomId, userId: mod.userId, ban: true }, two),
          ),
      ]);
      const how = [outcome(first), outcome(second)].sort().join(' and ');
      const bans = [first, second].filter(({ ok }) => ok).length;
      const fault = bans === 1 ? undefined : `${bans} of two bans succeeded`;
      return found(how, [fault]);
    },
  },
  {
    name: 'a ban against handing the room over',
    run: async (lane) => {
      const { owner, mod, other } = lane;
      const roomId = await lane.room({}, { mods: [mod, other] });
      const { userId } = other;
      const [banning, giving] = [lane.any, lane.any];
      const [ban, given] = await Promise.all([
        lane
          .moment()
          .then(async () => mod.ask('control:kick', { roomId, userId, ban: true }, banning)),
        lane
          .moment()
          .then(async () => owner.ask('control:role', { roomId, userId, role: 'owner' }, giving)),
      ]);
      const how = `ban ${outcome(ban)}, given ${outcome(given)}`;
      const owned = await ownerless(owner, roomId);
      const isMember = (await rolesIn(owner, roomId)).has(userId);
      return found(how, [owned, ban.ok && isMember ? 'banned, and a member' : undefined]);
    },
  },
];
