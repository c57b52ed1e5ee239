import { expect, it, vi } from 'vitest';
import { RequestError } from '../../connection';
import { fakeRoom } from '../../connection/fakeRoom';
import { createControl } from './control';

function setUp() {
  const net = fakeRoom();
  const tell = vi.fn<(words: string) => void>();
  const control = createControl(net.room, tell);
  net.join({ you: { socketId: 's-me', userId: 'me', name: 'Me', role: 'mod' } });
  const waiting = () => control.store.getState().waiting.map(({ name }) => name);
  const stand = (...names: string[]) =>
    net.emit('control:waiting', {
      roomId: 'r1',
      users: names.map((name) => ({ userId: name.toLowerCase(), name })),
    });
  return { net, control, tell, waiting, stand };
}

it('knows who stands at the door, until they are let in', async () => {
  const { net, control, waiting, stand } = setUp();
  stand('Gus', 'Hal');
  control.admit('gus', true);
  expect(net.asked[0]).toMatchObject({
    event: 'control:admit',
    payload: { roomId: 'r1', userId: 'gus', admit: true },
  });
  net.asked[0]!.answer({ seq: 4 });
  await vi.waitFor(() => expect(waiting()).toEqual(['Hal']));
});

it('forgets the door with the role, and with the line', () => {
  const { net, waiting, stand } = setUp();
  stand('Gus');
  net.emit('user:updated', {
    roomId: 'r1',
    socketId: 's-me',
    user: { userId: 'me', role: 'member' } as never,
  });
  expect(waiting()).toEqual([]);
  stand('Gus');
  net.drop();
  expect(waiting()).toEqual([]);
});

it('gives a reason only where there is one', () => {
  const { net, control } = setUp();
  control.kick('ben', true, ' spam ');
  control.kick('ben', false, '  ');
  expect(net.asked.map(({ payload }) => payload)).toEqual([
    { roomId: 'r1', userId: 'ben', ban: true, reason: 'spam' },
    { roomId: 'r1', userId: 'ben', ban: false },
  ]);
});

it('keeps a network out only with a ban, and removes all guests at once', () => {
  const { net, control } = setUp();
  control.kick('ben', true, '', 3600);
  control.kick('ben', false, '', 3600);
  void control.removeGuests(' raid ');
  expect(net.asked.map(({ event, payload }) => [event, payload])).toEqual([
    ['control:kick', { roomId: 'r1', userId: 'ben', ban: true, addressSec: 3600 }],
    ['control:kick', { roomId: 'r1', userId: 'ben', ban: false }],
    ['control:removeGuests', { roomId: 'r1', reason: 'raid' }],
  ]);
});

it('says what did not work', async () => {
  const { net, control, tell } = setUp();
  const done = control.changeSettings({ locked: true });
  net.asked[0]!.refuse(new RequestError('forbidden', '', false));
  expect(await done).toBe(false);
  expect(tell).toHaveBeenCalledWith('Your role does not allow that.');
});
