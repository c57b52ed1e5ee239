import type { Message, MessagePage } from '../../../client/src/protocol/index.ts';
import { type Lane, outcome, type Player, rolesIn, ways } from './lane.ts';
import { found, type Race, type Round } from './race.ts';

/** What is wrong with what a guest can do after guests were removed: all of it where they are listed, else nothing. */
async function halfway({ owner }: Lane, guest: Player, roomId: string): Promise<string[]> {
  const isListed = (await rolesIn(owner, roomId)).has(guest.userId);
  const path = `/api/rooms/${roomId}/messages`;
  const faults = await Promise.all(
    ways.map(async (way) => {
      const read = (await guest.call('GET', path, undefined, way)).status < 300;
      const posted = (await guest.call('POST', path, { text: 'by HTTP' }, way)).status < 300;
      const said = await guest.ask('chat:message', { roomId, text: 'by socket' }, way);
      return [
        ...(read === isListed ? [] : [`listed: ${isListed}, reads: ${read}`]),
        ...(posted === isListed ? [] : [`listed: ${isListed}, posts by HTTP: ${posted}`]),
        ...(said.ok && !isListed ? ['in the room, and not listed'] : []),
      ];
    }),
  );
  return faults.flat();
}

/** A message of theirs behind the removal in the log. */
async function saidAfter(reader: Player, roomId: string, userId: string, seq: number) {
  const { body } = await reader.call<MessagePage>('GET', `/api/rooms/${roomId}/messages?limit=100`);
  const late = body.messages.find((message: Message) => {
    return message.senderId === userId && message.seq > seq;
  });
  return late && `a message at ${late.seq}, after the removal at ${seq}`;
}

async function judged(
  lane: Lane,
  roomId: string,
  how: string,
  faults: (string | undefined)[] = [],
) {
  const half = await halfway(lane, lane.guest, roomId);
  return found(how, [...faults, ...half]) satisfies Round;
}

export const guestRaces: Race[] = [
  {
    name: 'guests are removed against posting',
    run: async (lane) => {
      const { mod, guest } = lane;
      const roomId = await lane.room({}, { mods: [mod], members: [guest] });
      const removing = lane.any;
      const texts = Array.from({ length: 8 }, (_, n) => `message ${n}`);
      const [removed, ...posts] = await Promise.all([
        lane.moment().then(async () => mod.ask('control:removeGuests', { roomId }, removing)),
        ...texts.map(async (text, n) => {
          if (n % 3 !== 0) return (await guest.ask('chat:message', { roomId, text }, n % 2)).ok;
          const path = `/api/rooms/${roomId}/messages`;
          return (await guest.call('POST', path, { text }, n % 2)).status < 300;
        }),
      ]);
      if (!removed.ok) return { outcome: outcome(removed), fault: 'a moderator may remove guests' };
      const late = await saidAfter(lane.owner, roomId, guest.userId, removed.seq);
      const isListed = (await rolesIn(lane.owner, roomId)).has(guest.userId);
      const how = `${posts.filter(Boolean).length} of ${texts.length} posted`;
      return judged(lane, roomId, how, [late, isListed ? 'still a member' : undefined]);
    },
  },
  {
    name: 'guests are removed against coming in',
    run: async (lane) => {
      const { mod, guest } = lane;
      const wasIn = lane.random() < 0.5;
      const roomId = await lane.room({}, { mods: [mod], members: wasIn ? [guest] : [] });
      const [removing, coming, joining] = [lane.any, lane.any, lane.any];
      const [removed, entered, joined] = await Promise.all([
        lane.moment().then(async () => mod.ask('control:removeGuests', { roomId }, removing)),
        lane.moment().then(async () => guest.ask('joinRoom', { roomId }, coming)),
        lane
          .moment()
          .then(async () => guest.call('POST', `/api/rooms/${roomId}/join`, {}, joining)),
      ]);
      if (!removed.ok) return { outcome: outcome(removed), fault: 'a moderator may remove guests' };
      return judged(lane, roomId, `came in ${outcome(entered)}, joined ${joined.status}`);
    },
  },
  {
    name: 'guests are removed against admitting',
    run: async (lane) => {
      const { mod, other, guest } = lane;
      const roomId = await lane.room({ access: 'waiting' }, { mods: [mod, other] });
      const knocked = await guest.ask('joinRoom', { roomId }, lane.any);
      const { userId } = guest;
      const [removing, admitting, coming] = [lane.any, lane.any, lane.any];
      const [removed, admitted] = await Promise.all([
        lane.moment().then(async () => mod.ask('control:removeGuests', { roomId }, removing)),
        lane
          .moment()
          .then(async () => other.ask('control:admit', { roomId, userId, admit: true }, admitting)),
      ]);
      if (!removed.ok) return { outcome: outcome(removed), fault: 'a moderator may remove guests' };
      const entered = await guest.ask('joinRoom', { roomId }, coming);
      const how = `knocked ${outcome(knocked)}, admitted ${outcome(admitted)}, came in ${outcome(entered)}`;
      return judged(lane, roomId, how);
    },
  },
];
