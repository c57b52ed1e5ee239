import { expect, test, type Visitor } from '../../browser.ts';

/** Opens a link as someone without an account, up to the door. */
async function comeAsGuest(visitor: Visitor, link: string): Promise<void> {
  const { page } = visitor;
  await page.goto(link);
  await page.getByLabel('Your name').fill(visitor.name);
  await visitor.button('Continue as guest').click();
  await visitor.cameraOff();
  await visitor.knock();
}

test('all guests are sent out at once, with a reason; who has an account stays', async ({
  arrive,
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code } = await account.createRoom('Algebra');
  const link = `${server.url}/r/${code}`;
  for (const visitor of [ann, bob]) await visitor.come(link);
  const guests = [await arrive('Gil'), await arrive('Gus')];
  for (const guest of guests) {
    await comeAsGuest(guest, link);
    await expect(guest.button('Leave')).toBeVisible();
  }
  await ann.openTab('Participants');
  await ann.button('Remove all guests…').click();
  const dialog = ann.page.getByRole('dialog', { name: 'Remove all 2 guests?' });
  await dialog.getByLabel('Reason').fill('The lesson is over');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  for (const guest of guests) {
    await expect(guest.heading('You were removed')).toBeVisible();
    await expect(guest.page.getByText('The lesson is over')).toBeVisible();
  }
  await expect(ann.page.getByRole('list', { name: 'People in this room' })).not.toContainText('G');
  await expect(ann.person('Bob')).toHaveCount(1);
  await expect(ann.button('Remove all guests…')).toHaveCount(0);
});

test('with a ban the newcomers from that network stay out for a while, and members do not', async ({
  arrive,
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code } = await account.createRoom('Algebra');
  const link = `${server.url}/r/${code}`;
  for (const visitor of [ann, bob]) await visitor.come(link);
  const eve = await arrive('Eve');
  await comeAsGuest(eve, link);
  await expect(eve.button('Leave')).toBeVisible();

  await ann.chooseForPerson('Eve', 'Ban…');
  const dialog = ann.page.getByRole('dialog', { name: 'Ban Eve?' });
  await dialog.getByLabel('Keep newcomers from their network out').check();
  await dialog.getByRole('button', { name: 'Ban' }).click();
  await expect(eve.heading('You were removed')).toBeVisible();

  const again = await arrive('Eva');
  await again.page.goto(link);
  await again.page.getByLabel('Your name').fill('Eva');
  await again.button('Continue as guest').click();
  await expect(again.page.getByRole('alert')).toContainText(
    'keeps newcomers from where you are out',
  );
  // A member is known, and comes from the same network.
  await bob.reload();
  await expect(ann.person('Bob')).toHaveCount(1);
});

test('a new link leads to the room, the old one nowhere, and who is inside goes on under it', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { visitor: eve } = await arriveSignedIn('Eve');
  const { code, roomId } = await account.createRoom('Algebra');
  const link = `${server.url}/r/${code}`;
  for (const visitor of [ann, bob]) await visitor.come(link);
  const before = await bob.page.evaluate(() => performance.timeOrigin);

  await ann.button('Room settings').click();
  await ann.tab('Data').click();
  await ann.button('Give the room a new link').click();
  for (const visitor of [ann, bob]) await expect(visitor.page).not.toHaveURL(link);
  const now = bob.page.url();
  await expect(ann.page).toHaveURL(now);
  expect(now).not.toContain(roomId);
  // The visit went on: nothing was loaded, nobody joined again.
  await expect(bob.button('Leave')).toBeVisible();
  expect(await bob.page.evaluate(() => performance.timeOrigin)).toBe(before);
  await bob.say('Still here');
  await ann.hears('Still here');

  await bob.reload();
  await bob.hears('Still here');
  await eve.page.goto(link);
  await expect(eve.heading('There is no such room')).toBeVisible();
  await eve.come(now);
});

test('a guest at the door reads that the room takes no guests any more', async ({
  arrive,
  arriveSignedIn,
  server,
}) => {
  const { account } = await arriveSignedIn('Ann');
  const { code, roomId } = await account.createRoom('Algebra', { access: 'waiting' });
  const gil = await arrive('Gil');
  await comeAsGuest(gil, `${server.url}/r/${code}`);
  await expect(gil.page.getByText('Someone inside has to let you in.')).toBeVisible();
  await account.call('PATCH', `/api/rooms/${roomId}`, { settings: { guests: false } });
  await expect(gil.heading('The door was closed')).toBeVisible();
  await expect(gil.page.getByText('takes no guests any more')).toBeVisible();
  await expect(gil.page.getByText('has not let you in')).toHaveCount(0);
});
