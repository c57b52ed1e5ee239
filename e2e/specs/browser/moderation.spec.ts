import { expect, test } from '../../browser.ts';

const MUTED = 'A moderator turned your microphone off';

test('a moderator mutes: unmuting is as the room’s settings say', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code, roomId } = await account.createRoom('Algebra');
  const link = `${server.url}/r/${code}`;
  await ann.come(link);
  await bob.come(link);
  await expect(bob.button('Turn microphone off')).toBeVisible();
  await ann.openTab('Participants');
  await expect(ann.person('Bob').getByText('Microphone on')).toBeAttached();

  await test.step('he may turn it on again', async () => {
    await ann.chooseForPerson('Bob', 'Mute microphone');
    await expect(bob.notice('Ann turned your microphone off.')).toBeVisible();
    await expect(bob.button('Turn microphone on')).toBeVisible();
    await expect(ann.person('Bob').getByText('Muted by a moderator')).toBeAttached();
    await bob.button('Turn microphone on').click();
    await expect(bob.button('Turn microphone off')).toBeVisible();
    await expect(ann.person('Bob').getByText('Microphone on')).toBeAttached();
  });

  await test.step('he may not, in a room that does not let him', async () => {
    await account.call('PATCH', `/api/rooms/${roomId}`, { settings: { selfUnmute: false } });
    await ann.chooseForPerson('Bob', 'Mute microphone');
    await expect(bob.button(MUTED)).toBeDisabled();
    await bob.reload();
    await expect(bob.button(MUTED)).toBeDisabled();
  });

  await test.step('until the moderator gives it back', async () => {
    // A goodbye that a reload cut off is noticed when the connection has been silent for a while.
    await expect(ann.person('Bob')).toHaveCount(1, { timeout: 20_000 });
    await ann.chooseForPerson('Bob', 'Allow microphone');
    await bob.button('Turn microphone on').click();
    await expect(ann.person('Bob').getByText('Microphone on')).toBeAttached();
  });
});

test('who is removed leaves with all tabs, reads why, and may come back', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code } = await account.createRoom('Algebra');
  const link = `${server.url}/r/${code}`;
  await ann.come(link);
  await bob.come(link);
  const twin = await bob.secondTab();
  await twin.come(link);
  await ann.openTab('Participants');
  await expect(ann.person('Bob')).toHaveCount(2);

  await ann.person('Bob').first().getByRole('button', { name: 'Bob: actions' }).click();
  await ann.button('Remove…').click();
  const dialog = ann.page.getByRole('dialog', { name: 'Remove Bob?' });
  await dialog.getByLabel('Reason').fill('Please eat somewhere else');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  for (const tab of [bob, twin]) {
    await expect(tab.heading('You were removed')).toBeVisible();
    await expect(tab.page.getByText('Please eat somewhere else')).toBeVisible();
  }
  await expect(ann.person('Bob')).toHaveCount(0);

  await bob.button('Ask again').click();
  await bob.enter();
  await expect(ann.person('Bob')).toHaveCount(1);
});

test('who is banned cannot come back before the ban is lifted', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code } = await account.createRoom('Algebra');
  const link = `${server.url}/r/${code}`;
  await ann.come(link);
  await bob.come(link);

  await ann.chooseForPerson('Bob', 'Ban…');
  const dialog = ann.page.getByRole('dialog', { name: 'Ban Bob?' });
  await dialog.getByLabel('Reason').fill('Enough');
  await dialog.getByRole('button', { name: 'Ban' }).click();
  await expect(bob.heading('You were removed')).toBeVisible();
  await expect(bob.page.getByText('until they lift the ban')).toBeVisible();
  await expect(bob.button('Ask again')).toHaveCount(0);

  await bob.page.goto(link);
  await bob.knock();
  await expect(bob.heading('You cannot come in')).toBeVisible();

  await ann.button('Room settings').click();
  await ann.tab('Bans').click();
  const bans = ann.page.getByRole('list', { name: 'Banned people' });
  await expect(bans).toContainText('Enough');
  await bans.getByRole('button', { name: 'Lift the ban' }).click();
  await expect(ann.page.getByText('Nobody is banned.')).toBeVisible();
  await bob.come(link);
});

test('newcomers wait at the door until someone lets them in, or does not', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { visitor: eve } = await arriveSignedIn('Eve');
  const { code } = await account.createRoom('Algebra', { access: 'waiting' });
  const link = `${server.url}/r/${code}`;
  await ann.come(link);
  const door = ann.page.getByRole('list', { name: 'At the door' });

  await bob.page.goto(link);
  await bob.cameraOff();
  await bob.knock();
  await expect(bob.page.getByText('Someone inside has to let you in.')).toBeVisible();
  await expect(door).toContainText('Bob wants to come in');
  await ann.button('Let Bob in').click();
  await expect(bob.button('Leave')).toBeVisible();
  await expect(door).toHaveCount(0);
  await bob.say('Thank you');
  await ann.hears('Thank you');

  await eve.page.goto(link);
  await eve.cameraOff();
  await eve.knock();
  await ann.button('Turn Eve away').click();
  await expect(eve.heading('Not this time')).toBeVisible();
  await eve.button('Ask again').click();
  await eve.knock();
  await expect(door).toContainText('Eve wants to come in');
  await eve.button('Rather not').click();
  await expect(door).toHaveCount(0);
});

test('a new role is there at once, and gone at once', async ({ arriveSignedIn, server }) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code } = await account.createRoom('Algebra');
  const link = `${server.url}/r/${code}`;
  await ann.come(link);
  await bob.come(link);
  await expect(bob.button('Room settings')).toHaveCount(0);

  await ann.chooseForPerson('Bob', 'Make moderator');
  await expect(bob.button('Room settings')).toBeVisible();
  await expect(ann.person('Bob')).toContainText('Moderator');

  await bob.button('Room settings').click();
  await bob.page.getByLabel('Title').fill('Linear algebra');
  await bob.button('Save').click();
  await expect(bob.page.getByText('Saved.')).toBeVisible();
  await bob.button('Close').click();
  await expect(ann.heading('Linear algebra')).toBeVisible();

  await ann.chooseForPerson('Bob', 'Make member');
  await expect(bob.button('Room settings')).toHaveCount(0);
});

test('a locked room and a full one say so, and open again', async ({ arriveSignedIn, server }) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code, roomId } = await account.createRoom('Algebra', { locked: true });
  const link = `${server.url}/r/${code}`;
  const set = (settings: object) => account.call('PATCH', `/api/rooms/${roomId}`, { settings });
  await ann.come(link);

  await bob.page.goto(link);
  await bob.cameraOff();
  await bob.knock();
  await expect(bob.heading('The room is locked')).toBeVisible();

  await set({ locked: false, capacity: 1 });
  await bob.button('Try again').click();
  await bob.knock();
  await expect(bob.heading('The room is full')).toBeVisible();

  await set({ capacity: 2 });
  await bob.button('Try again').click();
  await bob.enter();
});
