import { expect, test, type Visitor } from '../../browser.ts';

const room = (visitor: Visitor, title: string) =>
  visitor.page.getByRole('list', { name: 'My rooms' }).getByRole('link', { name: title });

test('the lobby counts what one has not read, until one has', async ({
  arriveSignedIn,
  server,
}) => {
  const { account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code, roomId } = await account.createRoom('Algebra');
  await bob.come(`${server.url}/r/${code}`);
  await bob.toLobby();
  await expect(room(bob, 'Algebra')).not.toContainText('unread');
  for (const text of ['One', 'Two', 'Three']) {
    await account.call('POST', `/api/rooms/${roomId}/messages`, { text, eventId: text });
  }
  await bob.toLobby();
  await expect(room(bob, 'Algebra')).toContainText('3 unread');

  await room(bob, 'Algebra').click();
  await bob.enter();
  await bob.hears('Three');
  await expect(bob.tab('Chat')).not.toHaveAccessibleDescription(/unread/);
  await expect
    .poll(async () => {
      await bob.toLobby();
      await expect(room(bob, 'Algebra')).toBeVisible();
      return room(bob, 'Algebra').textContent();
    })
    .not.toContain('unread');
});

test('a direct message begun in the room is found in the other’s lobby', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code } = await account.createRoom('Algebra');
  const link = `${server.url}/r/${code}`;
  await ann.come(link);
  await bob.come(link);

  await bob.chooseForPerson('Ann', 'Direct message');
  await bob.enter();
  await expect(bob.heading('Ann')).toBeVisible();
  await bob.say('Just between us');
  await bob.hears('Just between us');

  await ann.toLobby();
  const talk = ann.page
    .getByRole('region', { name: 'Direct messages' })
    .getByRole('link', { name: 'Bob' });
  await expect(talk).toContainText('1 unread');
  await talk.click();
  await ann.enter();
  await ann.hears('Just between us');
  await ann.say('I see');
  await bob.hears('I see');
  await expect(bob.chatLog.getByText('Seen by Ann')).toHaveCount(0);
});

test('one takes another name and another time zone, and keeps them', async ({ arriveSignedIn }) => {
  const { visitor: ann } = await arriveSignedIn('Ann');
  await ann.toLobby();
  await ann.button('Account').click();
  await ann.button('Profile').click();
  const dialog = ann.page.getByRole('dialog', { name: 'Profile' });
  await dialog.getByLabel('Name').fill('Anna Maria');
  await dialog.getByLabel('Time zone').selectOption('Asia/Tokyo');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);

  await ann.page.reload();
  await ann.button('Account').click();
  await expect(ann.page.getByText('Anna Maria')).toBeVisible();
  await ann.button('Profile').click();
  await expect(dialog.getByLabel('Name')).toHaveValue('Anna Maria');
  await expect(dialog.getByLabel('Time zone')).toHaveValue('Asia/Tokyo');
});

test('signing out everywhere ends the session of another browser, in a room', async ({
  arrive,
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { code } = await account.createRoom('Algebra');
  const elsewhere = await arrive('Ann');
  await elsewhere.signInAs(ann);
  await elsewhere.come(`${server.url}/r/${code}`);

  await ann.toLobby();
  await ann.button('Account').click();
  await ann.button('Profile').click();
  await ann.button('Sign out everywhere').click();
  await expect(ann.button('Sign in')).toBeVisible();

  await expect(elsewhere.button('Leave')).toHaveCount(0);
  await expect(elsewhere.page.getByRole('link', { name: 'Sign in' })).toBeVisible();
  await elsewhere.page.goto(`${server.url}/lobby`);
  await expect(elsewhere.button('Sign in')).toBeVisible();
});

test('the board is kept under a name and brought back for all', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code } = await account.createRoom('Drawing');
  const link = `${server.url}/r/${code}`;
  await ann.come(link);
  await bob.come(link);
  for (const visitor of [ann, bob]) await visitor.openBoard();
  await ann.drawAcross();
  await expect.poll(() => bob.inkInTheMiddle()).toBeGreaterThan(50);

  await ann.button('Versions').click();
  const versions = ann.page.getByRole('dialog', { name: 'Versions' });
  await versions.getByLabel('Keep the board as it is now').fill('First proof');
  await versions.getByRole('button', { name: 'Save version' }).click();
  await expect(versions.getByRole('listitem')).toContainText('First proof');
  await versions.getByRole('button', { name: 'Close' }).click();

  await ann.button('Clear board').click();
  await ann.button('Clear for everyone').click();
  await expect.poll(() => bob.inkInTheMiddle()).toBe(0);

  await ann.button('Versions').click();
  await versions.getByRole('button', { name: 'Restore' }).click();
  await versions.getByRole('button', { name: 'Replace the board' }).click();
  for (const visitor of [ann, bob]) {
    await expect.poll(() => visitor.inkInTheMiddle()).toBeGreaterThan(50);
  }
});
