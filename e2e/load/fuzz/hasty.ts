import type { Cast } from './cast.ts';
import type { Dial } from './attacker.ts';
import { json } from './json.ts';
import type { Tally } from './tally.ts';
import { Visitor } from './visitor.ts';

/** More at once than a person may: each is answered all the same. */
export async function hurry(
  url: string,
  cast: Cast,
  tally: Tally,
  dial: Dial,
  limitMs: number,
): Promise<void> {
  const visitor = new Visitor(dial(url + json.path, false), json, tally, limitMs);
  if ((await visitor.open()) && (await visitor.enter({ token: cast.tokens.bait }))) {
    const nothing = { roomId: cast.home, versionId: 'none' };
    for (let n = 0; n < 1_000; n++) visitor.ask('whiteboard:restore', nothing);
    await visitor.isSettled();
  }
  visitor.end(true);
}
