import { expect, test } from '../../browser.ts';
import { png } from '../../samples.ts';

test('what is typed and not sent is there again after the page is loaded anew', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { page } = ann;
  const { code } = await account.createRoom('Algebra');
  await ann.come(`${server.url}/r/${code}`);
  const note = page.getByRole('textbox', { name: 'Note' });
  const newTask = page.getByLabel('New task');
  const newTitle = page.getByLabel('New title');
  const newText = page.getByLabel('New text');

  await test.step('a task, its new title, another text for a message, a note', async () => {
    await ann.say('Chapter 3');
    await ann.hears('Chapter 3');
    await ann.openTab('Tasks');
    await newTask.fill('Read');
    await ann.button('Add').click();
    await ann.button('Task Read: actions').click();
    await page.getByRole('button', { name: 'Rename' }).click();
    await newTitle.fill('Read all of it');
    await ann.reload();
    await ann.openTab('Tasks');
    await expect(newTitle).toHaveValue('Read all of it');
    await newTitle.press('Enter');
    await expect(page.getByRole('region', { name: 'Tasks' })).toContainText('Read all of it');
    await newTask.fill('Solve exercise');

    await ann.openTab('Chat');
    await ann.chooseFor('Chapter 3', 'Edit');
    await newText.fill('Chapter 4');

    await ann.openBoard();
    await ann.button('Sticky note').click();
    const box = await ann.canvas.boundingBox();
    await page.mouse.click((box?.x ?? 0) + 300, (box?.y ?? 0) + 200);
    await note.pressSequentially('All that follows');
  });

  await ann.reload();
  await test.step('each where it was', async () => {
    await expect(newText).toHaveValue('Chapter 4');
    await newText.press('Enter');
    await ann.hears('Chapter 4');
    await ann.openTab('Tasks');
    await expect(newTask).toHaveValue('Solve exercise');
    await ann.openBoard();
    await expect(note).toHaveValue('All that follows');
    await note.press('Escape');
    await expect(note).toHaveCount(0);
  });

  await ann.reload();
  await test.step('and no more once it is sent', async () => {
    await ann.hears('Chapter 4');
    await expect(newText).toHaveCount(0);
    await ann.openBoard();
    await expect
      .poll(async () => account.read<object>(`/api/rooms/${code}/board`))
      .toMatchObject({
        elements: [{ kind: 'note', text: 'All that follows' }],
      });
    await expect(note).toHaveCount(0);
  });
});

test(
  'two who save at once are told, and no words vanish',
  { tag: '@chromium' },
  async ({ arrive, arriveSignedIn, server }) => {
    const { visitor: ann, account } = await arriveSignedIn('Ann');
    const { code } = await account.createRoom('Algebra');
    const twin = await arrive('Ann');
    await twin.signInAs(ann);
    for (const visitor of [ann, twin]) await visitor.come(`${server.url}/r/${code}`);
    await ann.say('one');
    for (const visitor of [ann, twin]) {
      await visitor.chooseFor('one', 'Edit');
      await visitor.page.getByLabel('New text').fill(`of ${visitor === ann ? 'ann' : 'the twin'}`);
    }
    // Both within one round trip: neither has heard of the other.
    await Promise.all(
      [ann, twin].map(async ({ context, page }) => {
        const line = await context.newCDPSession(page);
        await line.send('Network.enable');
        const slow = {
          offline: false,
          latency: 1_000,
          downloadThroughput: -1,
          uploadThroughput: -1,
        };
        await line.send('Network.emulateNetworkConditions', slow);
      }),
    );
    await Promise.all([
      ann.page.getByLabel('New text').press('Enter'),
      twin.page.getByLabel('New text').press('Enter'),
    ]);
    const told = [ann, twin].map(({ page }) =>
      page.getByText(/changed elsewhere( meanwhile)?, to “of (ann|the twin)”/),
    );
    await expect
      .poll(async () => (await Promise.all(told.map((it) => it.count()))).join())
      .toMatch(/^(1,0|0,1)$/);
  },
);

test('another device has a new name and picture without joining again', async ({
  arrive,
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code } = await account.createRoom('Algebra');
  const tablet = await arrive('Ann');
  await tablet.signInAs(ann);
  for (const visitor of [ann, tablet, bob]) await visitor.come(`${server.url}/r/${code}`);
  await bob.openTab('Participants');
  await expect(bob.person('Ann')).toHaveCount(2);

  await ann.button('Account').click();
  await ann.button('Profile').click();
  await ann.page.getByTestId('avatar-picker').setInputFiles({
    name: 'red.png',
    mimeType: 'image/png',
    buffer: png(64, 64, [214, 40, 40]),
  });
  await expect(bob.person('Ann').locator('img')).toHaveCount(2);
  await ann.page.getByLabel('Name').fill('Anna');
  await ann.button('Save').click();
  await expect(bob.person('Anna')).toHaveCount(2);
  await expect(bob.person('Anna').locator('img')).toHaveCount(2);

  await tablet.say('From the tablet');
  await bob.openTab('Chat');
  await expect(bob.chatLog).toContainText('Anna');
  await tablet.button('Account').click();
  await tablet.button('Profile').click();
  await expect(tablet.page.getByLabel('Name')).toHaveValue('Anna');
});
