import { expect, test, type Visitor } from '../../browser.ts';

const running = /^Timer: Focus, \d+:\d\d left$/;
const paused = /^Timer: Focus, paused, \d+:\d\d left$/;

const timer = (visitor: Visitor) => visitor.page.getByRole('button', { name: /^Timer/ });

/** Seconds left, as the head of the room shows them. */
async function secondsLeft(visitor: Visitor): Promise<number> {
  const label = (await timer(visitor).getAttribute('aria-label')) ?? '';
  const [, minutes, seconds] = /(\d+):(\d\d) left/.exec(label) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}

/** Both are not looked at in the very same moment, so once is enough. */
async function expectSameTime(one: Visitor, other: Visitor): Promise<void> {
  const apart = async () => {
    const [here, there] = await Promise.all([secondsLeft(one), secondsLeft(other)]);
    return Math.abs(here - there);
  };
  await expect.poll(apart).toBeLessThanOrEqual(1);
}

test('one timer runs for all, pauses for all, and runs on through a reload', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code } = await account.createRoom('Algebra');
  const link = `${server.url}/r/${code}`;
  await ann.come(link);
  await bob.come(link);

  await timer(ann).click();
  await ann.page.getByLabel('Focus').fill('2');
  await ann.button('Start').click();
  for (const visitor of [ann, bob]) await expect(timer(visitor)).toHaveAccessibleName(running);
  await expectSameTime(ann, bob);
  expect(await secondsLeft(bob)).toBeGreaterThan(100);
  expect(await secondsLeft(bob)).toBeLessThanOrEqual(120);

  await timer(bob).click();
  await expect(bob.page.getByText('Round 1 of 4')).toBeVisible();
  await bob.button('Pause').click();
  for (const visitor of [ann, bob]) await expect(timer(visitor)).toHaveAccessibleName(paused);
  const left = await secondsLeft(ann);
  expect(await secondsLeft(bob)).toBe(left);

  await bob.button('Go on').click();
  for (const visitor of [ann, bob]) await expect(timer(visitor)).toHaveAccessibleName(running);
  await expect.poll(() => secondsLeft(ann)).toBeLessThan(left);
  await expectSameTime(ann, bob);

  await ann.reload();
  await expect(timer(ann)).toHaveAccessibleName(running);
  await expectSameTime(ann, bob);
  const after = await secondsLeft(ann);
  await expect.poll(() => secondsLeft(ann)).toBeLessThan(after);
});

test('tasks of one are the other’s too: done, given, moved, and kept', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code } = await account.createRoom('Algebra');
  const link = `${server.url}/r/${code}`;
  await ann.come(link);
  await bob.come(link);
  for (const visitor of [ann, bob]) await visitor.openTab('Tasks');

  const panel = (visitor: Visitor) => visitor.page.getByRole('region', { name: 'Tasks' });
  const rows = (visitor: Visitor) => panel(visitor).getByRole('listitem');
  const row = (visitor: Visitor, title: string) => rows(visitor).filter({ hasText: title });
  const choose = async (visitor: Visitor, title: string, item: string) => {
    await visitor.button(`Task ${title}: actions`).click();
    await row(visitor, title).getByRole('button', { name: item, exact: true }).click();
  };

  for (const title of ['Read chapter 1', 'Solve exercise 2', 'Drink tea']) {
    await ann.page.getByLabel('New task').fill(title);
    await ann.button('Add').click();
    await expect(row(bob, title)).toBeVisible();
    await expect(ann.page.getByLabel('New task')).toHaveValue('');
  }

  await bob.button('Read chapter 1: Open. Make it under way').click();
  await expect(row(ann, 'Read chapter 1')).toContainText('Under way');
  await bob.button('Read chapter 1: Under way. Make it done').click();
  await bob.button('Task Solve exercise 2: actions').click();
  await bob.page.getByLabel('Assigned to').selectOption({ label: 'Ann' });
  await choose(bob, 'Drink tea', 'Move up');
  await bob.page.keyboard.press('Escape');

  const expectAll = async (visitor: Visitor) => {
    await expect(rows(visitor)).toHaveText([/Read chapter 1/, /Drink tea/, /Solve exercise 2/]);
    await expect(visitor.button('Read chapter 1: Done. Make it open')).toBeVisible();
    await expect(row(visitor, 'Solve exercise 2')).toContainText('for Ann');
    await expect(panel(visitor).getByText('1 of 3 done')).toBeVisible();
    await expect(visitor.tab('Tasks')).toHaveAccessibleDescription('2 to do');
  };
  await expectAll(ann);
  await expectAll(bob);
  await ann.reload();
  await ann.openTab('Tasks');
  await expectAll(ann);

  await choose(ann, 'Drink tea', 'Delete');
  await expect(rows(bob)).toHaveText([/Read chapter 1/, /Solve exercise 2/]);
});

test('beside the minutes of a room one sees one’s own of all rooms, and the room’s days', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { roomId, code } = await account.createRoom('Algebra');
  await account.call('POST', `/api/rooms/${roomId}/messages`, { text: 'hello' });
  await expect
    .poll(async () => (await account.call('GET', `/api/rooms/${roomId}/summaries`)).body)
    .toMatchObject({ summaries: [{ messages: 1 }] });
  await ann.come(`${server.url}/r/${code}`);
  await timer(ann).click();
  await ann.button('Focus minutes').click();
  const dialog = ann.page.getByRole('dialog', { name: 'Focus' });
  await expect(dialog.getByText('No minutes yet.')).toBeVisible();
  await dialog.getByRole('tab', { name: 'All my rooms' }).click();
  await expect(dialog.getByText('You, in all rooms')).toBeVisible();
  await expect(dialog.getByText('0 min', { exact: true })).toBeVisible();
  await dialog.getByRole('tab', { name: 'Day by day' }).click();
  await expect(dialog.getByText('1 person, 1 message')).toBeVisible();
  await ann.page.screenshot({ path: test.info().outputPath('days.png') });
});
