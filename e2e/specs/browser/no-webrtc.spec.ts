import { expect, test, type Visitor } from '../../browser.ts';
import { flows, keepCalls } from '../../calls.ts';

const HERE = 'This browser cannot make calls';
const THERE = 'Their browser cannot make calls';

const tileOf = (visitor: Visitor, name: string) =>
  visitor.page
    .getByRole('list', { name: 'People in the call' })
    .getByRole('listitem')
    .filter({ hasText: name });

for (const first of ['with', 'without']) {
  test(`who has no WebRTC is told so, and so are the others, when the one ${first} it comes first`, async ({
    arriveSignedIn,
    server,
  }) => {
    const { visitor: ann, account } = await arriveSignedIn('Ann');
    const { visitor: bob } = await arriveSignedIn('Bob');
    await keepCalls(ann.context);
    await bob.context.addInitScript(() => {
      Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
    });
    const { code } = await account.createRoom('Algebra');
    const link = `${server.url}/r/${code}`;
    const inOrder = first === 'with' ? [ann, bob] : [bob, ann];
    for (const visitor of inOrder) await visitor.come(link);

    await expect(bob.notice(HERE).first()).toBeVisible();
    await expect(tileOf(bob, 'Ann')).toContainText(HERE);
    await expect(tileOf(ann, 'Bob')).toContainText(THERE);
    expect(await flows(ann.page)).toEqual([]);

    await bob.say('I read you');
    await ann.hears('I read you');

    // Who comes anew is told anew.
    await ann.reload();
    await expect(tileOf(ann, 'Bob')).toContainText(THERE);
    expect(await flows(ann.page)).toEqual([]);
  });
}
