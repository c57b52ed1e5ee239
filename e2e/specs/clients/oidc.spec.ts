import { client, signingKey, startIssuer, startOAuth2, Wanderer } from '../../issuers.ts';
import type { IssuerOptions, Known, OAuth2Person, Site } from '../../issuers.ts';
import { expect, freePort, Server, test } from '../../server.ts';
import { call } from '../../people.ts';
import type { SignedIn, SignInProviders } from '../../../client/src/protocol/index.ts';

const password = 'a good password';

/** The server, and a school's issuer that it signs people in at. */
class School {
  readonly people = new Map<string, Known>();
  #issuer: Site | undefined;

  private constructor(
    readonly server: Server,
    private readonly port: number,
  ) {}

  static async found(environment: Record<string, string> = {}): Promise<School> {
    const port = await freePort();
    const issuer = `http://localhost:${port}`;
    const school = { id: 'school', name: 'School account', issuer };
    const providers = [{ ...school, 'client-id': client.id, 'client-secret': client.secret }];
    const OIDC_PROVIDERS = JSON.stringify(providers);
    return new School(await Server.start({ OIDC_PROVIDERS, ...environment }), port);
  }

  get callback(): string {
    return `${this.server.url}/api/auth/oidc/school/callback`;
  }

  async open(options: Partial<IssuerOptions> = {}): Promise<void> {
    const { people, callback: redirect } = this;
    this.#issuer = await startIssuer(this.port, { people, redirect, ...options });
  }

  async shut(): Promise<void> {
    await this.#issuer?.close();
    this.#issuer = undefined;
  }

  async dispose(): Promise<void> {
    await this.shut();
    await this.server.dispose();
  }

  /** Off to the issuer: the address of its page. */
  async leave(browser: Wanderer, next?: string): Promise<string> {
    const query = next === undefined ? '' : `?next=${encodeURIComponent(next)}`;
    return browser.redirect(`${this.server.url}/api/auth/oidc/school${query}`);
  }

  /** There and back, up to where the server sends one in the end. */
  async signIn(browser: Wanderer, login: string, next?: string): Promise<string> {
    const page = await this.leave(browser, next);
    return browser.redirect(await browser.signInAt(page, login, this.callback));
  }

  /** Whose session the browser has. */
  async whoIs(browser: Wanderer): Promise<SignedIn['user'] | undefined> {
    const answer = await browser.ask(`${this.server.url}/api/auth/refresh`, { method: 'POST' });
    return answer.ok ? ((await answer.json()) as SignedIn).user : undefined;
  }
}

let school: School;
test.afterEach(async () => school.dispose());

test('a first sign-in makes a person, and a second finds the same', async () => {
  school = await School.found();
  await school.open();
  school.people.set('ann', { name: 'Ann Lee', email: 'Ann@School.example', email_verified: true });
  const listed = await call<SignInProviders>(school.server, 'GET', '/api/auth/providers');
  expect(listed.body).toEqual({ providers: [{ id: 'school', name: 'School account' }] });

  const here = new Wanderer();
  expect(await school.signIn(here, 'ann', '/r/abc-defg-hjk?x=1')).toBe('/r/abc-defg-hjk?x=1');
  const ann = await school.whoIs(here);
  expect(ann).toMatchObject({ name: 'Ann Lee', email: 'ann@school.example', guest: false });

  const elsewhere = new Wanderer();
  // The person is known by the issuer's id for them, whatever else changes.
  school.people.set('ann', { name: 'Ann', email: 'lee@school.example', email_verified: false });
  expect(await school.signIn(elsewhere, 'ann')).toBe('/');
  expect((await school.whoIs(elsewhere))?.userId).toBe(ann?.userId);

  school.people.set('bob', { name: 'Bob', email: 'bob@school.example', email_verified: true });
  const another = new Wanderer();
  await school.signIn(another, 'bob');
  expect((await school.whoIs(another))?.userId).not.toBe(ann?.userId);
  expect(school.server.log).not.toMatch(/code=|eyJ/);
});

test('what is known may stand in the ID token itself', async () => {
  school = await School.found();
  await school.open({ inToken: true });
  school.people.set('ann', { name: 'Ann', email: 'ann@school.example', email_verified: true });
  const browser = new Wanderer();
  expect(await school.signIn(browser, 'ann')).toBe('/');
  expect(await school.whoIs(browser)).toMatchObject({ email: 'ann@school.example' });
});

test('a verified address links to the account, whose password ends; an unverified one does not (SPEC 10.4)', async () => {
  school = await School.found();
  await school.open();
  const { server } = school;
  const post = async (path: string, body: object) =>
    call<SignedIn>(server, 'POST', `/api/auth/${path}`, body);
  const ids = new Map<string, string>();
  for (const name of ['ann', 'bob']) {
    const account = { name, email: `${name}@example.org`, password };
    ids.set(name, (await post('signup', account)).body.user.userId);
  }

  school.people.set('ann', { email: 'Ann@example.org', email_verified: true });
  const browser = new Wanderer();
  expect(await school.signIn(browser, 'ann')).toBe('/');
  expect((await school.whoIs(browser))?.userId).toBe(ids.get('ann'));
  // Whoever had made that account had not proved that the address is theirs.
  expect((await post('login', { email: 'ann@example.org', password })).status).toBe(401);

  for (const email_verified of [false, undefined]) {
    school.people.set('bob', {
      email: 'bob@example.org',
      ...(email_verified === undefined ? {} : { email_verified }),
    });
    const other = new Wanderer();
    expect(await school.signIn(other, 'bob')).toBe('/sign-in?error=email_unverified');
    expect(await school.whoIs(other)).toBeUndefined();
  }
  expect((await post('login', { email: 'bob@example.org', password })).status).toBe(200);

  school.people.set('eve', { name: 'Eve' });
  expect(await school.signIn(new Wanderer(), 'eve')).toBe('/sign-in?error=no_email');
});

test('answers that are not of this attempt are refused', async () => {
  school = await School.found();
  await school.open();
  const { callback } = school;
  school.people.set('ann', { email: 'ann@school.example', email_verified: true });
  const expired = '/sign-in?error=expired';

  // Another browser's answer, as an attacker would have a victim follow it.
  const attacker = new Wanderer();
  const theirs = await attacker.signInAt(await school.leave(attacker), 'ann', callback);
  const victim = new Wanderer();
  expect(await victim.redirect(theirs)).toBe(expired);
  const page = await school.leave(victim);
  expect(await victim.redirect(theirs)).toBe(expired);
  // The attempt under way is not hurt by it.
  const mine = await victim.signInAt(page, 'ann', callback);
  const wrongState = new URL(mine);
  wrongState.searchParams.set('state', 'another');
  expect(await victim.redirect(wrongState.href)).toBe(expired);
  expect(await victim.redirect(callback)).toBe(expired);

  // A cookie that was changed.
  const [[name, sealed] = ['', '']] = [...victim.jar(callback)];
  const json = Buffer.from(sealed.split('.')[0] ?? '', 'base64url').toString();
  const changed = JSON.parse(json) as object;
  const forged = Buffer.from(JSON.stringify({ ...changed, next: '/evil' })).toString('base64url');
  victim.jar(callback).set(name, `${forged}.${sealed.split('.')[1]}`);
  expect(await victim.redirect(mine)).toBe(expired);

  // The right one, and then again with the cookie that was taken away.
  victim.jar(callback).set(name, sealed);
  expect(await victim.redirect(mine)).toBe('/');
  expect(await victim.redirect(mine)).toBe(expired);
  victim.jar(callback).set(name, sealed);
  expect(await victim.redirect(mine)).toBe('/sign-in?error=site');

  // One who says no.
  const browser = new Wanderer();
  const state = new URL(await school.leave(browser)).searchParams.get('state') ?? '';
  const refused = `${callback}?error=access_denied&state=${state}`;
  expect(await browser.redirect(refused)).toBe('/sign-in?error=declined');
});

test('an ID token for another attempt is refused', async () => {
  school = await School.found();
  await school.open();
  school.people.set('ann', { email: 'ann@school.example', email_verified: true });
  const browser = new Wanderer();
  const page = new URL(await school.leave(browser));
  expect(page.searchParams.get('code_challenge_method')).toBe('S256');
  page.searchParams.set('nonce', 'another');
  const back = await browser.signInAt(page.href, 'ann', school.callback);
  expect(await browser.redirect(back)).toBe('/sign-in?error=site');
  expect(await school.whoIs(browser)).toBeUndefined();
  expect(school.server.log).toContain('the ID token is not valid');
});

test('one always comes back to this site', async () => {
  school = await School.found();
  await school.open();
  school.people.set('ann', { email: 'ann@school.example', email_verified: true });
  for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', '/.//evil']) {
    expect(await school.signIn(new Wanderer(), 'ann', next), next).toBe('/');
  }
});

test('cookies are kept from scripts, and the attempt from other paths', async () => {
  school = await School.found({ PUBLIC_URL: 'https://rooms.example.org' });
  await school.open();
  const start = await new Wanderer().ask(`${school.server.url}/api/auth/oidc/school`);
  const page = new URL(start.headers.get('location') ?? '');
  expect(page.searchParams.get('redirect_uri')).toBe(
    'https://rooms.example.org/api/auth/oidc/school/callback',
  );
  const [cookie = ''] = start.headers.getSetCookie();
  for (const word of ['HttpOnly', 'SameSite=Lax', 'Secure', 'Path=/api/auth/oidc']) {
    expect(cookie).toContain(word);
  }
});

test('an issuer may be down at first, and may change its keys', async () => {
  school = await School.found();
  school.people.set('ann', { email: 'ann@school.example', email_verified: true });
  const signIn = async () => school.signIn(new Wanderer(), 'ann').catch(String);
  expect(await school.leave(new Wanderer())).toBe('/sign-in?error=site');
  await school.open({ key: signingKey('first') });
  await expect.poll(signIn).toBe('/');
  await school.shut();
  await school.open({ key: signingKey('second') });
  await expect.poll(signIn).toBe('/');
  // Another key under a known name is no new key.
  await school.shut();
  await school.open({ key: signingKey('second') });
  expect(await signIn()).toBe('/sign-in?error=site');
  expect((await fetch(`${school.server.url}/api/auth/oidc/nobody`)).status).toBe(404);
});

test('a site like GitHub tells who one is by its own addresses', async () => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const forge = {
    id: 'forge',
    'client-id': client.id,
    'client-secret': client.secret,
    'authorize-url': `${url}/authorize`,
    'token-url': `${url}/token`,
    'userinfo-url': `${url}/user`,
    'emails-url': `${url}/user/emails`,
  };
  school = await School.found({ OIDC_PROVIDERS: JSON.stringify([forge]) });
  const { server } = school;
  const work = { email: 'work@example.org', primary: false, verified: true };
  const primary = { email: 'ann@example.org', primary: true, verified: true };
  let person: OAuth2Person = { id: 4711, login: 'annlee', emails: [work, primary] };
  const site = await startOAuth2(port, () => person);
  try {
    const callback = `${server.url}/api/auth/oidc/forge/callback`;
    const signIn = async (browser: Wanderer) => {
      const page = await browser.redirect(`${server.url}/api/auth/oidc/forge?next=/rooms`);
      const back = await browser.signInAt(page, '', callback);
      return { back, end: await browser.redirect(back) };
    };
    const browser = new Wanderer();
    const { back, end } = await signIn(browser);
    expect(end).toBe('/rooms');
    const ann = await school.whoIs(browser);
    expect(ann).toMatchObject({ name: 'annlee', email: 'ann@example.org' });

    person = { ...person, login: 'renamed', emails: [] };
    const again = new Wanderer();
    expect((await signIn(again)).end).toBe('/rooms');
    expect((await school.whoIs(again))?.userId).toBe(ann?.userId);

    person = { id: 4712, login: 'bob', emails: [{ ...primary, verified: false }] };
    expect((await signIn(new Wanderer())).end).toBe('/sign-in?error=email_unverified');
    person = { id: 4713, login: 'eve', emails: [] };
    expect((await signIn(new Wanderer())).end).toBe('/sign-in?error=no_email');
    expect(await browser.redirect(back)).toBe('/sign-in?error=expired');
  } finally {
    await site.close();
  }
});
