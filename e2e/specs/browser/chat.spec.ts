import { expect, test } from '../../browser.ts';

test('a message is corrected, answered, liked, pinned and taken back, and both see it', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code } = await account.createRoom('Algebra');
  const link = `${server.url}/r/${code}`;
  await ann.come(link);
  await bob.come(link);

  await test.step('corrected', async () => {
    await ann.say('Exersise 4 is due');
    await bob.hears('Exersise 4 is due');
    await ann.chooseFor('Exersise 4', 'Edit');
    const field = ann.page.getByLabel('New text');
    await field.fill('Exercise 4 is due');
    await field.press('Enter');
    for (const visitor of [ann, bob]) {
      await visitor.hears('Exercise 4 is due (edited)');
      await expect(visitor.message('Exersise')).toHaveCount(0);
    }
    await bob.message('Exercise 4').hover();
    await bob
      .message('Exercise 4')
      .getByRole('button', { name: /: actions$/ })
      .click();
    await expect(bob.button('Reply')).toBeVisible();
    await expect(bob.button('Edit')).toHaveCount(0);
    await bob.page.keyboard.press('Escape');
  });

  await test.step('answered', async () => {
    await bob.chooseFor('Exercise 4', 'Reply');
    await expect(bob.page.getByText('Answering Ann: Exercise 4 is due')).toBeVisible();
    await expect(bob.page.getByRole('textbox', { name: 'Message' })).toBeFocused();
    await bob.say('Until when?');
    const answer = ann.message('Until when?');
    await expect(answer.getByRole('button', { name: 'Answers Ann. Show what' })).toBeVisible();
    await expect(answer).toContainText('Exercise 4 is due');
  });

  await test.step('liked, by one and by both', async () => {
    await bob.chooseFor('(edited)', 'React with 👍');
    const liked = ann.message('(edited)').getByRole('button', { name: '👍 by Bob' });
    await expect(liked).toHaveAttribute('aria-pressed', 'false');
    await liked.click();
    await expect(bob.message('(edited)').getByRole('button', { name: /^👍/ })).toHaveText('👍 2');
    await bob.message('(edited)').getByRole('button', { name: /^👍/ }).click();
    await expect(
      ann.message('(edited)').getByRole('button', { name: '👍 by you' }),
    ).toHaveAttribute('aria-pressed', 'true');
  });

  await test.step('pinned, and found again after a reload', async () => {
    await ann.chooseFor('(edited)', 'Pin');
    const bar = bob.page.getByRole('region', { name: 'Pinned' });
    await expect(bar).toContainText('Exercise 4 is due');
    await bob.reload();
    await expect(bar.getByRole('button')).toHaveText('Ann Exercise 4 is due');
    await expect(bob.message('(edited)').getByLabel('Pinned')).toBeVisible();
  });

  await test.step('taken back: its text, its pin and the quote go', async () => {
    await ann.chooseFor('(edited)', 'Delete…');
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    for (const visitor of [ann, bob]) {
      await visitor.hears('Message deleted');
      await expect(visitor.chatLog.getByText('Exercise 4')).toHaveCount(0);
      await expect(visitor.page.getByRole('region', { name: 'Pinned' })).toHaveCount(0);
    }
  });
});

test('what comes while one looks at the tasks is counted, and who has read it is told', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code } = await account.createRoom('Algebra');
  const link = `${server.url}/r/${code}`;
  await ann.come(link);
  await bob.come(link);
  const seen = ann.chatLog.getByText('Seen by Bob');

  await ann.say('Are you there?');
  await expect(seen).toBeVisible();
  await bob.openTab('Tasks');
  await ann.say('Bob?');
  await ann.say('Never mind');
  await expect(bob.tab('Chat')).toHaveAccessibleDescription('2 unread');
  await expect(bob.page).toHaveTitle(/^\(2\) Algebra/);
  await expect(seen).toHaveCount(0);

  await bob.openTab('Chat');
  await expect(bob.chatLog.getByRole('separator')).toHaveText('New messages');
  await expect(seen).toBeVisible();
  await expect(bob.tab('Chat')).not.toHaveAccessibleDescription(/unread/);
  await expect(bob.page).toHaveTitle(/^Algebra/);
});

test('a search finds what was corrected and not what was deleted, and leads there', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code, roomId } = await account.createRoom('Algebra');
  const link = `${server.url}/r/${code}`;
  await ann.come(link);
  await ann.say('An integral of x');
  await ann.say('The derivative nobody should read');
  await ann.chooseFor('An integral', 'Edit');
  await ann.page.getByLabel('New text').fill('A derivative of x');
  await ann.page.getByRole('button', { name: 'Save' }).click();
  await ann.hears('A derivative of x (edited)');
  await ann.chooseFor('nobody should read', 'Delete…');
  await ann.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await ann.hears('Message deleted');
  // Enough that who comes now does not have it at hand.
  for (let n = 1; n <= 150; n++) {
    const text = `Line ${n}`;
    await account.call('POST', `/api/rooms/${roomId}/messages`, { text, eventId: `line-${n}` });
  }
  await bob.come(link);
  await bob.hears('Line 150');
  await expect(bob.message('A derivative of x')).toHaveCount(0);

  const field = bob.page.getByRole('searchbox', { name: 'Search the chat' });
  await field.fill('integral');
  await expect(bob.page.getByText('Nothing found.')).toBeVisible();
  await field.fill('derivative');
  await expect(bob.page.getByText('1 message found')).toBeVisible();
  await bob.page.getByRole('search').getByRole('button', { name: 'A derivative of x' }).click();
  await expect(bob.message('A derivative of x')).toBeInViewport();

  await bob.button('Back to now').click();
  await expect(bob.message('Line 150')).toBeInViewport();
});
