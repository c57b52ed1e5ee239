import type { Chance } from './chance.ts';
import { junk, toText } from './junk.ts';
import type { Tally } from './tally.ts';

const sids = ['', 'x', '../..', 'AAAAAAAAAAAAAAAA', '%00', '%ff%fe', '"'];
const bodies = [
  '',
  '4',
  '40',
  'b',
  'bAAA',
  'b!!!',
  '\u001e\u001e\u001e',
  '9x',
  '6',
  '40/rooms,{',
  '1',
  '2probe',
];

/**
 * Engine.IO by polling, of the wrong form. Every request has an answer.
 * @param base address and path, with a slash at the end.
 */
export async function pollBadly(
  base: string,
  chance: Chance,
  packets: number,
  tally: Tally,
): Promise<void> {
  let sid = '';
  for (let sent = 0; sent < packets; sent++) {
    tally.packets++;
    const isPost = chance.in(0.6);
    if (sid === '' || chance.in(0.1)) {
      const opened = await (await fetch(`${base}?EIO=4&transport=polling`)).text();
      sid = /"sid":"([^"]+)"/.exec(opened)?.[1] ?? '';
    }
    const isReal = isPost && chance.in(0.6);
    const eio = isReal ? '4' : chance.of(['4', '3', '5', '', '-1', 'x']);
    const transport = isReal ? 'polling' : chance.of(['polling', 'websocket', 'pigeon', '']);
    const query = `EIO=${eio}&transport=${transport}&sid=${isReal ? sid : chance.of(sids)}`;
    const big = () => 'x'.repeat(chance.in(0.05) ? 5_000_000 : 5_000);
    const body = chance.of([
      () => chance.of(bodies),
      () => toText(junk(chance)),
      () => chance.bytes(30),
      big,
    ])();
    try {
      const response = await fetch(`${base}?${query}`, {
        method: isPost ? 'POST' : 'GET',
        body: isPost ? (body as string) : null,
        signal: AbortSignal.timeout(5_000),
      });
      const text = await response.text();
      tally.note(`http ${response.status}`);
      if (response.status >= 500)
        tally.fault(`${response.status} to ${query}: ${text.slice(0, 100)}`);
      if (!response.ok && isReal) sid = '';
    } catch (error) {
      if (String(error).includes('Timeout'))
        tally.fault(`no answer to ${isPost ? 'POST' : 'GET'} ${query}`);
      tally.note('http cut off');
      sid = '';
    }
  }
}
