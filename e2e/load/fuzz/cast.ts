import { randomUUID } from 'node:crypto';
import { ask, call, Person } from '../../people.ts';
import type { SignedIn } from '../../../client/src/protocol/index.ts';
import type { Server } from '../../server.ts';
import { secret, token } from './token.ts';

export type Seat = 'lead' | 'mod' | 'member' | 'guest' | 'bait';

/** Who takes part, and where. */
export interface Cast {
  home: string;
  /** Where the watcher is. */
  shared: string;
  doors: string[];
  watcher: Person;
  lead: Person;
  /** Tokens that last, by what one may do at home. */
  tokens: Record<Seat, string>;
  /** Tokens that must be refused, and how. */
  refused: [token: unknown, code: string][];
  baits: string[];
}

export const environment = { RATE_LIMIT_FACTOR: '100', JWT_SECRET: secret };

const day = 86_400;

/** Sets up people and rooms. */
export async function casting(server: Server): Promise<Cast> {
  const signUp = async (name: string) => {
    const { userId } = await Person.signUp(server, name);
    return Person.signedIn(server, name, token(userId, day), userId);
  };
  const [watcher, keeper, lead, mod, member, bait] = await Promise.all([
    signUp('Watcher'),
    signUp('Keeper'),
    signUp('Lead'),
    signUp('Mod'),
    signUp('Member'),
    signUp('Bait'),
  ]);
  const home = (await lead.createRoom('Home', { capacity: 1000, guests: true })).roomId;
  const shared = (await watcher.createRoom('Shared', { capacity: 1000 })).roomId;
  const guest = await call<SignedIn>(server, 'POST', '/api/auth/guest', {
    name: 'Guest',
    roomId: home,
  });
  for (const each of [mod, member, bait]) {
    for (const roomId of [home, shared]) await good(each, 'POST', `/api/rooms/${roomId}/join`);
  }
  const { socket } = await lead.join(home);
  const { userId } = mod;
  const raised = await ask(socket, 'control:role', { roomId: home, userId, role: 'mod' });
  if (!raised.ok) throw new Error(`no moderator: ${raised.error.message}`);
  socket.disconnect();

  const doors = await closedDoors(keeper, [mod, member]);
  const people = { lead, mod, member, bait };
  const tokens = { guest: token(guest.body.user.userId, day, true) } as Cast['tokens'];
  for (const seat of ['lead', 'mod', 'member', 'bait'] as const)
    tokens[seat] = token(people[seat].userId, day);
  const stale = token(lead.userId, -60);
  const forged = `${tokens.lead.slice(0, -6)}AAAAAA`;
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  const unsigned = `${none}.${tokens.lead.split('.')[1] ?? ''}.`;
  const wrong = ['', 'x', 'a.b.c', forged, unsigned, 7, null, {}, 'x'.repeat(100_000)];
  const refused: Cast['refused'] = [
    [stale, 'token_expired'],
    ...wrong.map((each): [unknown, string] => [each, 'unauthorized']),
  ];
  return {
    home,
    shared,
    doors,
    watcher,
    lead,
    tokens,
    refused,
    baits: [bait.userId, randomUUID()],
  };
}

/** One room for each way not to be let in. */
async function closedDoors(keeper: Person, banned: Person[]): Promise<string[]> {
  const room = async (title: string, settings: object) =>
    (await keeper.createRoom(title, settings)).roomId;
  const full = await room('Full', { capacity: 1 });
  const locked = await room('Locked', { locked: true });
  const waiting = await room('Waiting', { access: 'waiting' });
  const members = await room('Members', { access: 'members' });
  const barred = await room('Barred', {});
  await keeper.join(full);
  const { socket } = await keeper.join(barred);
  for (const each of banned) {
    await good(each, 'POST', `/api/rooms/${barred}/join`);
    const { userId } = each;
    const ack = await ask(socket, 'control:kick', { roomId: barred, userId, ban: true });
    if (!ack.ok) throw new Error(`not banned: ${ack.error.message}`);
  }
  return [full, locked, waiting, members, barred, 'nowhere'];
}

async function good(person: Person, method: string, path: string): Promise<void> {
  const { status } = await person.call(method, path);
  if (status >= 300) throw new Error(`${status} to ${method} ${path}`);
}
