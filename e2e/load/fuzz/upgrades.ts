import type { Cast } from './cast.ts';
import type { Chance } from './chance.ts';
import { json } from './json.ts';
import { textFrame } from './lines.ts';
import { packed } from './packed.ts';
import { Session } from './session.ts';
import type { Tally } from './tally.ts';

/** Moves from polling to websocket: right ones and all kinds of wrong ones. */
export async function upgradeBadly(
  url: string,
  cast: Cast,
  chance: Chance,
  packets: number,
  tally: Tally,
): Promise<void> {
  let sent = 0;
  while (sent < packets) {
    const [name, play] = chance.of(plays);
    const session = new Session(url, cast, chance.in(0.5) ? json : packed, tally);
    try {
      await play(session, chance);
      tally.note(`upgrade ${name}`);
    } catch (error) {
      // A connection that fetch took up again had been ended by another request's bad body.
      if (error instanceof TypeError && error.message === 'fetch failed')
        tally.note('upgrade cut off');
      else tally.fault(`upgrade ${name}, ${session.dialect.name}: ${String(error)}`);
    } finally {
      session.end();
    }
    sent += Math.max(1, session.sent);
  }
}

type Play = (session: Session, chance: Chance) => Promise<void>;

/** What is wrong in place of a probe or an upgrade. */
const wrong = ['2', '2prob', '2probes', '3probe', '4x', '6', '1', 'x', ''].map(textFrame);
const oddFrames = [...wrong, { data: Buffer.of(1, 2, 3), binary: true }];

const plays: [string, Play][] = [
  [
    'right',
    async (it) => {
      await it.enter();
      const way = await it.probe();
      it.say(way, textFrame('5'));
      it.ask((frame) => it.say(way, frame));
      await it.isAnswered();
    },
  ],
  [
    'with packets on the old way',
    async (it) => {
      await it.enter();
      const reading = it.get();
      const way = await it.probe();
      // What waited is let go, so that the client can stop reading there.
      it.hear(await reading);
      await it.postAsk();
      it.say(way, textFrame('5'));
      it.ask((frame) => it.say(way, frame));
      await it.isAnswered();
      await it.post([textFrame('3')], 'refused');
    },
  ],
  [
    'never finished',
    async (it, chance) => {
      await it.enter();
      const way = await it.probe();
      if (chance.in(0.5)) way.terminate();
      else way.close();
      await it.post([textFrame('3')]);
    },
  ],
  [
    'with a wrong probe',
    async (it, chance) => {
      await it.enter();
      const way = await it.dial();
      it.say(way, chance.of(oddFrames));
      await it.ends(way);
    },
  ],
  [
    'with a wrong end',
    async (it, chance) => {
      await it.enter();
      const way = await it.probe();
      it.say(way, chance.of(oddFrames));
      await it.ends(way);
    },
  ],
  [
    'with two probes',
    async (it) => {
      await it.enter();
      const way = await it.probe();
      it.say(way, textFrame('2probe'));
      await it.ends(way);
    },
  ],
  [
    'by two at once',
    async (it) => {
      await it.enter();
      const ways = await Promise.all([it.dial(), it.dial()]);
      for (const way of ways) it.say(way, textFrame('2probe'));
      for (const way of ways) it.say(way, textFrame('5'));
      for (const way of ways) it.ask((frame) => it.say(way, frame), false);
      // Whichever goes on, it is heard.
      await it.hears();
    },
  ],
  [
    'again',
    async (it) => {
      await it.enter();
      const way = await it.probe();
      it.say(way, textFrame('5'));
      it.ask((frame) => it.say(way, frame));
      await it.isAnswered();
      const second = await it.dial();
      it.say(second, textFrame('2probe'));
      await it.ends(second);
    },
  ],
  [
    'of a session that ended',
    async (it) => {
      await it.enter();
      await it.post([textFrame('1')]);
      await it.ends(await it.dial());
    },
  ],
  [
    'of no session',
    async (it, chance) => {
      const sid = chance.of(['x', '', 'AAAAAAAAAAAAAAAA', '../..', '%00', '"', 'A'.repeat(5_000)]);
      const way = await it.dial(sid);
      it.say(way, textFrame('2probe'));
      // An empty one asks for a session of its own.
      if (sid !== '') await it.ends(way);
    },
  ],
  [
    'of a session of the other parser',
    async (it) => {
      await it.enter();
      const way = await it.dial(it.sid, it.dialect === json ? packed : json);
      it.say(way, textFrame('2probe'));
      await it.ends(way);
      await it.postAsk();
      it.hear(await it.get());
      await it.isAnswered();
    },
  ],
  [
    'with two readers',
    async (it) => {
      await it.enter();
      await Promise.all([it.get(), it.get(), it.post([textFrame('1')])]);
    },
  ],
];
