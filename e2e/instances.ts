import { test as base } from '@playwright/test';
import type { Socket } from 'socket.io-client';
import type { RoomState, UserJoined } from '../client/src/protocol/index.ts';
import { Cluster } from './load/chaos/cluster.ts';
import { next, Person } from './people.ts';

/** A room of two people, each on an instance of their own. */
export interface Meeting {
  roomId: string;
  /** Ann's, who owns the room, on the first instance. */
  here: Socket;
  hereState: RoomState;
  /** Bob's, on the second. */
  away: Socket;
  awayState: RoomState;
}

/** Two instances, and three people who know of both. */
export class Stage {
  private constructor(
    readonly cluster: Cluster,
    readonly ann: Person,
    readonly bob: Person,
    readonly eve: Person,
  ) {}

  static async build(): Promise<Stage> {
    const cluster = await Cluster.start(2);
    const signUp = (name: string) => Person.signUp(cluster.instance(0), name);
    const [ann, bob, eve] = [await signUp('Ann'), await signUp('Bob'), await signUp('Eve')];
    return new Stage(cluster, ann, bob, eve);
  }

  /** The same person on the second instance. */
  there(person: Person): Person {
    return person.at(this.cluster.instance(1));
  }

  async meet(settings?: object): Promise<Meeting> {
    const { roomId } = await this.ann.createRoom('Two instances', settings);
    const first = await this.ann.join(roomId);
    const came = next<UserJoined>(first.socket, 'user:joined');
    const second = await this.there(this.bob).join(roomId);
    await came;
    const [here, away] = [first.socket, second.socket];
    return { roomId, here, hereState: first.state, away, awayState: second.state };
  }
}

/** All tests share one stage, and make rooms of their own. */
export const test = base.extend<object, { stage: Stage }>({
  stage: [
    async ({}, use) => {
      const stage = await Stage.build();
      await use(stage);
      await stage.cluster.dispose(false);
    },
    { scope: 'worker' },
  ],
});

export { expect } from '@playwright/test';
