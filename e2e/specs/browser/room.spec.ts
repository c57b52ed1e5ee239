import { expect, test } from '../../browser.ts';

test('two people meet by a link, a third comes later, and nothing is lost by kill -9', async ({
  arrive,
  server,
}) => {
  test.setTimeout(240_000);
  const ann = await arrive('Ann');
  const link = await ann.openRoom('Algebra');
  const bob = await arrive('Bob');

  await test.step('they see each other', async () => {
    await bob.follow(link);
    await Promise.all([ann.sees(1), bob.sees(1)]);
  });

  await test.step('they chat both ways', async () => {
    await ann.say('Hello Bob');
    await bob.hears('Hello Bob');
    await bob.say('Hello Ann');
    await ann.hears('Hello Ann');
  });

  await test.step('a stroke drawn by one is on the other’s canvas', async () => {
    await ann.openBoard();
    await bob.openBoard();
    expect(await bob.inkInTheMiddle()).toBe(0);
    await ann.drawAcross();
    await expect.poll(() => bob.inkInTheMiddle()).toBeGreaterThan(50);
    const [drawn, seen] = [await ann.inkInTheMiddle(), await bob.inkInTheMiddle()];
    expect(Math.abs(drawn - seen) / drawn).toBeLessThan(0.1);
  });

  const eve = await arrive('Eve');
  await test.step('a third comes later and finds it all', async () => {
    await eve.follow(link);
    await eve.hears('Hello Bob');
    await eve.hears('Hello Ann');
    await Promise.all([ann.sees(2), bob.sees(2), eve.sees(2)]);
    await eve.openBoard();
    await expect.poll(() => eve.inkInTheMiddle()).toBeGreaterThan(50);
  });

  await test.step('a reload keeps history and board', async () => {
    await bob.page.reload();
    await bob.enter();
    await bob.hears('Hello Bob');
    await bob.openBoard();
    await expect.poll(() => bob.inkInTheMiddle()).toBeGreaterThan(50);
    await bob.sees(2);
  });

  await test.step('the server is killed and comes back: so do they, by themselves', async () => {
    await server.kill();
    const banner = ann.page.getByRole('status').filter({ hasText: 'Reconnecting' });
    await expect(banner).toBeVisible();
    await server.run();
    await expect(banner).toBeHidden({ timeout: 30_000 });
    for (const visitor of [ann, bob, eve]) {
      await visitor.hears('Hello Bob');
      await visitor.hears('Hello Ann');
    }
    await bob.say('We are back');
    await ann.hears('We are back');
    await eve.hears('We are back');
    expect(await ann.inkInTheMiddle()).toBeGreaterThan(50);
    await Promise.all([ann.sees(2), bob.sees(2), eve.sees(2)]);
  });

  await test.step('who leaves is gone for the others at once', async () => {
    await eve.button('Leave').click();
    await Promise.all([ann.sees(1), bob.sees(1)]);
  });
});

test('what is written and drawn while offline arrives later (SPEC 6.4)', async ({
  arrive,
  server,
}) => {
  const ann = await arrive('Ann');
  const link = await ann.openRoom('Geometry');
  const bob = await arrive('Bob');
  await bob.follow(link);
  await ann.openBoard();
  await bob.openBoard();
  await server.kill();
  await expect(ann.page.getByRole('status').filter({ hasText: 'Reconnecting' })).toBeVisible();
  await ann.say('written offline');
  await ann.drawAcross();
  await server.run();
  await bob.hears('written offline');
  await ann.hears('written offline');
  await expect.poll(() => bob.inkInTheMiddle()).toBeGreaterThan(50);
});

test('undo takes back one’s own stroke and not another’s (SPEC 6.3)', async ({ arrive }) => {
  const ann = await arrive('Ann');
  const link = await ann.openRoom('Drawing');
  const bob = await arrive('Bob');
  await bob.follow(link);
  await ann.openBoard();
  await bob.openBoard();
  await ann.drawAcross();
  await expect.poll(() => bob.inkInTheMiddle()).toBeGreaterThan(50);
  await expect(bob.button('Undo')).toBeDisabled();
  await ann.button('Undo').click();
  await expect.poll(() => bob.inkInTheMiddle()).toBe(0);
  await ann.button('Redo').click();
  await expect.poll(() => bob.inkInTheMiddle()).toBeGreaterThan(50);
});

test('a guest joins by the link alone', async ({ arrive }) => {
  const ann = await arrive('Ann');
  const link = await ann.openRoom('Open house');
  const gus = await arrive('Gus');
  await gus.page.goto(link);
  await gus.page.getByLabel('Name').first().fill('Gus');
  await gus.button('Continue as guest').click();
  await gus.enter();
  await gus.say('I have no account');
  await ann.hears('I have no account');
  await ann.page.getByRole('tab', { name: 'Participants' }).click();
  await expect(ann.page.getByText('Gus').first()).toBeVisible();
});

test('a guest who signs up in another tab stays in the room, and comes back by choice', async ({
  arrive,
  server,
}) => {
  const [ann, gus] = [await arrive('Ann'), await arrive('Gus')];
  const link = await ann.openRoom('Algebra');
  await gus.page.goto(link);
  await gus.page.getByLabel('Your name').fill('Gus');
  await gus.button('Continue as guest').click();
  await gus.enter();

  const tab = await gus.secondTab();
  await tab.page.goto(`${server.url}/sign-up`);
  await tab.page.getByLabel('Name').fill('Gustav');
  await tab.page.getByLabel('Email').fill(gus.email);
  await tab.page.getByLabel('Password').fill('a good password');
  await tab.button('Create account').click();
  await expect(tab.heading('Your rooms')).toBeVisible();

  const told = gus.page.getByRole('status').filter({ hasText: 'You signed in as Gustav' });
  await expect(told).toContainText('Here you are still the guest Gus');
  await gus.say('still here');
  await ann.hears('still here');
  await gus.button('Rejoin as Gustav').click();
  await gus.enter();
  await gus.say('an account now');
  await ann.hears('an account now');
  await expect(ann.chatLog).toContainText('Gustav');
});
