import { randomUUID } from 'node:crypto';
import { ask, call, Person } from '../../people.ts';
import type { Server } from '../../server.ts';
import { quantilesOf } from '../quantiles.ts';
import { pause } from '../waiting.ts';

const password = 'a good password';

/** What honest people met with. */
export interface Served {
  messages: number;
  /** Milliseconds to the ack. */
  ackP99: number;
  arrivals: number;
  /** Milliseconds from nothing to being in the room, the longest. */
  arrivalMax: number;
  troubles: string[];
}

/**
 * Some people are in a room and go on talking; others sign in and come in, one after the other.
 * @param end when to stop.
 */
export async function served(server: Server, people: number, end: AbortSignal): Promise<Served> {
  const email = `${randomUUID()}@example.org`;
  await call(server, 'POST', '/api/auth/signup', { email, password, name: 'Ann' });
  const host = await Person.signUp(server, 'Host');
  const { roomId } = await host.createRoom('Undisturbed', { capacity: 200 });
  const troubles: string[] = [];
  const acks: number[] = [];
  const arrivals: number[] = [];
  const inside = await Promise.all(
    Array.from({ length: people }, async (_, n) => {
      const person = await Person.signUp(server, `Person${n}`);
      const { socket } = await person.join(roomId);
      socket.on('disconnect', (reason) => {
        if (!end.aborted) troubles.push(`a socket was lost: ${reason}`);
      });
      return socket;
    }),
  );
  const talking = inside.map(async (socket, n) => {
    await pause((n * 1000) / people);
    while (!end.aborted) {
      const begun = performance.now();
      try {
        const said = await ask(socket, 'chat:message', { roomId, text: `${acks.length}` });
        if (!said.ok) troubles.push(`a message was refused: ${said.error.message}`);
      } catch (error) {
        troubles.push(`a message: ${String(error)}`);
      }
      acks.push(performance.now() - begun);
      await pause(1000);
    }
  });
  const coming = async () => {
    while (!end.aborted) {
      const begun = performance.now();
      try {
        const { status, body } = await call<{ accessToken: string }>(
          server,
          'POST',
          '/api/auth/login',
          { email, password },
        );
        if (status !== 200) throw new Error(`signing in: ${status}`);
        const ann = Person.signedIn(server, 'Ann', body.accessToken);
        const { socket } = await ann.join(roomId);
        socket.disconnect();
      } catch (error) {
        troubles.push(`a newcomer: ${String(error)}`);
      }
      arrivals.push(performance.now() - begun);
      await pause(500);
    }
  };
  await Promise.all([...talking, coming()]);
  const [ackP99 = NaN] = quantilesOf(acks, [0.99]);
  return {
    messages: acks.length,
    ackP99,
    arrivals: arrivals.length,
    arrivalMax: Math.max(...arrivals),
    troubles,
  };
}
