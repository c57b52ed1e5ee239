import { Cast } from '../../matrix/cast.ts';
import {
  Answers,
  apply,
  boardSeq,
  type Change,
  changes,
  everyRow,
  isRight,
  restore,
  tooLate,
} from '../../matrix/in-flight.ts';
import type { Row } from '../../matrix/socket-rows.ts';
import { disconnectAll } from '../../people.ts';
import { expect, type Server, test } from '../../server.ts';

test.afterEach(disconnectAll);

/** What a moderator was told who tried each with nothing in the way. */
async function references(server: Server): Promise<Map<string, string>> {
  const cast = await Cast.group(server, {});
  const told = new Map<string, string>();
  for (const row of everyRow) told.set(row.name, await row.try(cast, cast.players.mod));
  return told;
}

/** Both at once, now the one a moment earlier and now the other. */
async function together<A, B>(
  turn: number,
  one: () => Promise<A>,
  other: () => Promise<B>,
): Promise<[A, B]> {
  if (turn % 2 === 0) {
    const first = one();
    return Promise.all([first, other()]);
  }
  const second = other();
  return Promise.all([one(), second]);
}

/** One cell: the action on its way while the change happens. Resolves to what is wrong. */
async function cross(
  cast: Cast,
  change: Change,
  row: Row,
  turn: number,
  reference: string,
): Promise<string[]> {
  const actor = cast.players.mod;
  const send = await row.prepare?.(cast, actor);
  if (!send) throw new Error(`${row.name} is not for this`);
  const [outcome, seq] = await together(turn, send, async () => apply(change, cast, actor));
  const wrong = isRight(outcome, reference) ? [] : [`${outcome}, not ${reference} or a refusal`];
  if (change === 'removed') {
    const again = await cast.players.owner.person.call('GET', `/api/rooms/${cast.roomId}/messages`);
    if (again.status !== 404) wrong.push(`the room is gone, and answers ${again.status}`);
    return wrong;
  }
  wrong.push(...(await tooLate(change, cast, actor, row, seq)));
  if (change === 'banned' || (change === 'demoted' && row.name === 'whiteboard:restore')) {
    // What was on its way is on the board by now: nothing more comes.
    const before = await boardSeq(cast);
    const retried = await send();
    if (retried === 'ok') wrong.push('ok also when tried again');
    if ((await boardSeq(cast)) !== before) wrong.push('the board went on');
  }
  return wrong;
}

for (const change of changes) {
  test(`every action under way while its actor is, or the room is, ${change} (SPEC 4.2)`, async ({
    server,
  }) => {
    test.setTimeout(240_000);
    const told = await references(server);
    const unexpected: string[] = [];
    let cast: Cast | undefined;
    let answers: Answers | undefined;
    // Which of the two is sent first changes from one time to the next.
    const times = change === 'removed' ? [0] : [0, 1, 2];
    const cells = times.flatMap((time) => everyRow.map((row, n) => ({ row, turn: time + n })));
    for (const { row, turn } of cells) {
      if (!cast) {
        cast = await Cast.group(server, {});
        answers = new Answers(cast.players.mod.socket);
      }
      const reference = told.get(row.name) ?? 'ok';
      const wrong = await cross(cast, change, row, turn, reference);
      unexpected.push(...wrong.map((text) => `${row.name}: ${text}`));
      // Of a room that is gone there is nothing to go on with.
      if (change === 'removed') cast = undefined;
      else await restore(change, cast, cast.players.mod);
    }
    if (change !== 'removed') expect(answers?.count).toBeGreaterThan(everyRow.length / 2);
    expect(answers?.doubled).toEqual([]);
    expect(unexpected).toEqual([]);
  });
}
