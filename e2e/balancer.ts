import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './server.ts';

const caddyfile = path.resolve(import.meta.dirname, '../deploy/Caddyfile');

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/**
 * Caddy 2.6 tidies its storage while it makes its first certificates, and takes the folder of one that is still
 * empty for a leftover; it would try again a minute later. A folder with something in it stays.
 */
async function keepPlaces(home: string): Promise<void> {
  for (const host of ['localhost', 'files.localhost']) {
    const place = path.join(home, 'caddy/certificates/local', host);
    await mkdir(place, { recursive: true });
    await writeFile(path.join(place, 'place'), '');
  }
}

/** Caddy with the settings of the deployment, but on ports of its own. */
export class Balancer {
  #log = '';
  /** The certificate of its own authority, once it has made one. */
  ca = '';

  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {
    // A runner that ends in the middle of a test leaves nothing running either.
    const endWithRunner = () => child.kill('SIGKILL');
    process.once('exit', endWithRunner);
    child.once('exit', () => process.off('exit', endWithRunner));
    const read = (text: unknown) => (this.#log += String(text));
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
  }

  /** In front of instances at these addresses, and of an S3 server. */
  static async start(port: number, instances: string[], files = 'localhost:1'): Promise<Balancer> {
    const folder = await mkdtemp(path.join(tmpdir(), 'studyrooms-balancer-'));
    await keepPlaces(folder);
    const words = ['run', '--config', caddyfile, '--adapter', 'caddyfile'];
    const env = {
      PATH: process.env['PATH'],
      XDG_DATA_HOME: folder,
      XDG_CONFIG_HOME: folder,
      ADMIN: `localhost:${await freePort()}`,
      HTTP_PORT: `${await freePort()}`,
      HTTPS_PORT: `${port}`,
      INSTANCES: instances.join(' '),
      FILES_SERVER: files,
      STICKY_SECRET: 'secret',
    };
    const balancer = new Balancer(port, spawn('caddy', words, { env }), folder);
    const deadline = Date.now() + 20_000;
    while (!(await balancer.isReady())) {
      if (balancer.child.exitCode !== null || Date.now() > deadline) {
        await balancer.dispose();
        throw new Error(`caddy does not start:\n${balancer.#log}`);
      }
      await new Promise((wait) => setTimeout(wait, 50));
    }
    return balancer;
  }

  /** What Caddy wrote. */
  get log(): string {
    return this.#log;
  }

  get url(): string {
    return `https://localhost:${this.port}`;
  }

  /** Over TLS, with a certificate that is checked. */
  async ask(target: string, options: RequestOptions = {}, body?: string): Promise<Reply> {
    const { port, ca } = this;
    return new Promise((resolve, reject) => {
      const place = { host: 'localhost', port, path: target, ca, agent: false };
      const asking = request({ ...place, ...options }, (response) => {
        let text = '';
        response.on('data', (part) => (text += String(part)));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      });
      asking.on('error', reject);
      asking.end(body);
    });
  }

  async dispose(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async isReady(): Promise<boolean> {
    try {
      this.ca = await readFile(
        path.join(this.folder, 'caddy/pki/authorities/local/root.crt'),
        'utf8',
      );
      return (await this.ask('/ready')).status === 200;
    } catch {
      return false;
    }
  }
}
