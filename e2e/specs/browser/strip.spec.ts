import { expect, test } from '../../browser.ts';
import { disconnectAll, Person } from '../../people.ts';

test.afterEach(disconnectAll);

const NAMES = ['Bob', 'Cid', 'Dora', 'Eve', 'Fay', 'Gus', 'Hal', 'Ida', 'Jim', 'Kim'];

test('faces that do not fit over the board scroll one way, with one bar, and none is cut', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { code, roomId } = await account.createRoom('Algebra');
  await ann.come(`${server.url}/r/${code}`);
  for (const name of NAMES) await (await Person.signUp(server, name)).join(roomId);
  await ann.openBoard();
  const strip = ann.page.getByRole('list', { name: 'People in the call' });
  await expect(strip.getByRole('listitem')).toHaveCount(NAMES.length + 1);
  const found = await strip.evaluate((list: HTMLElement) => {
    const inside = list.getBoundingClientRect().top + list.clientTop + list.clientHeight;
    const faces = [...list.children].map((one) => one.getBoundingClientRect());
    return {
      scrolls: {
        sideways: list.scrollWidth > list.clientWidth,
        downwards: list.scrollHeight > list.clientHeight,
      },
      /** Pixels that a bar for scrolling downwards takes. */
      barBeside: list.offsetWidth - list.clientWidth,
      cut: faces.filter(({ bottom }) => bottom > inside + 1).length,
    };
  });
  expect(found).toEqual({
    scrolls: { sideways: true, downwards: false },
    barBeside: 0,
    cut: 0,
  });
});
