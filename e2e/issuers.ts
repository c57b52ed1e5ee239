import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server as HttpServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Provider } from 'oidc-provider';

const host = '127.0.0.1';
export const client = { id: 'studyrooms', secret: 'a secret between the two of them' };

export interface Known {
  name?: string;
  email?: string;
  email_verified?: boolean;
}

export interface Site {
  url: string;
  close(): Promise<void>;
}

async function listening(server: HttpServer, url: string): Promise<Site> {
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url, close };
}

/** A key to sign with; the same `kid` may name different ones. */
export function signingKey(kid: string): object {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
}

export interface IssuerOptions {
  /** By what they type as their login. */
  people: Map<string, Known>;
  redirect: string;
  key?: object;
  /** Whether the ID token holds what is known, or only the userinfo endpoint tells it. */
  inToken?: boolean;
}

/** An OpenID Connect issuer: the certified implementation for Node, with its sign-in pages. */
export async function startIssuer(port: number, options: IssuerOptions): Promise<Site> {
  const url = `http://localhost:${port}`;
  const provider = new Provider(url, {
    clients: [
      { client_id: client.id, client_secret: client.secret, redirect_uris: [options.redirect] },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: !(options.inToken ?? false),
    cookies: { keys: [randomUUID()] },
    features: { devInteractions: { enabled: true } },
    jwks: { keys: [options.key ?? signingKey(randomUUID())] },
    pkce: { required: () => true },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, ...options.people.get(id) }),
    }),
  });
  return listening(provider.listen(port, host), url);
}

export interface OAuth2Person {
  id: number;
  login: string;
  emails: { email: string; primary: boolean; verified: boolean }[];
}

/** A site like GitHub: RFC 6749 and 7636, and who one is at addresses of its own. */
export async function startOAuth2(port: number, person: () => OAuth2Person): Promise<Site> {
  const codes = new Map<string, URLSearchParams>();
  const tokens = new Set<string>();
  const bearer = (request: IncomingMessage) =>
    tokens.has(request.headers.authorization?.replace(/^Bearer /, '') ?? '');

  const exchange = (form: URLSearchParams): object => {
    const asked = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const verifier = createHash('sha256').update(form.get('code_verifier') ?? '');
    const fits =
      asked !== undefined &&
      form.get('grant_type') === 'authorization_code' &&
      form.get('client_id') === client.id &&
      form.get('client_secret') === client.secret &&
      form.get('redirect_uri') === asked.get('redirect_uri') &&
      asked.get('code_challenge_method') === 'S256' &&
      asked.get('code_challenge') === verifier.digest('base64url');
    // GitHub says so with a 200.
    if (!fits) return { error: 'bad_verification_code' };
    const token = randomUUID();
    tokens.add(token);
    return { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' };
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://localhost:${port}`);
    const json = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const { id, login, emails } = person();
    if (url.pathname === '/authorize') {
      const code = randomUUID();
      codes.set(code, url.searchParams);
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      back.searchParams.set('code', code);
      back.searchParams.set('state', url.searchParams.get('state') ?? '');
      response.writeHead(302, { location: back.href }).end();
    } else if (url.pathname === '/token' && request.method === 'POST') {
      void text(request).then((body) => json(200, exchange(new URLSearchParams(body))));
    } else if (!bearer(request)) {
      json(401, { message: 'Bad credentials' });
    } else if (url.pathname === '/user') {
      json(200, { id, login, name: null, email: null });
    } else if (url.pathname === '/user/emails') {
      json(200, emails);
    } else {
      json(404, {});
    }
  });
  return listening(server.listen(port, host), `http://localhost:${port}`);
}

/** A browser without a screen: cookies by origin, redirects one at a time, forms filled in. */
export class Wanderer {
  readonly #jars = new Map<string, Map<string, string>>();

  jar(url: string): Map<string, string> {
    const { origin } = new URL(url);
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    return jar;
  }

  async ask(url: string, init: RequestInit = {}): Promise<Response> {
    const jar = this.jar(url);
    const headers = new Headers(init.headers);
    headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(name.length + 1);
      if (value === '' || /expires=Thu, 01 Jan 1970|max-age=0/i.test(cookie)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** Where one is sent from there. */
  async redirect(url: string, init: RequestInit = {}): Promise<string> {
    const response = await this.ask(url, init);
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${url} answers ${response.status}, not a redirect`);
    return location;
  }

  /** Signs in at a site as `login`, up to the address it sends one back to. */
  async signInAt(page: string, login: string, back: string): Promise<string> {
    let url = page;
    for (let step = 0; step < 20; step++) {
      if (url.startsWith(back)) return url;
      const response = await this.ask(url);
      const location = response.headers.get('location');
      if (location !== null) {
        url = new URL(location, url).href;
        continue;
      }
      const form = await response.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(form)?.[1];
      const action = /action="([^"]+)"/.exec(form)?.[1];
      if (!prompt || !action) throw new Error(`no form at ${url}: ${response.status} ${form}`);
      const body = new URLSearchParams({ prompt, login, password: 'any' });
      url = new URL(await this.redirect(new URL(action, url).href, { method: 'POST', body }), url)
        .href;
    }
    throw new Error('the site sends one round in circles');
  }
}
