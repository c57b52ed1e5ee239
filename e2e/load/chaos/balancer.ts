import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Site } from '../../people.ts';
import { freePort } from '../../server.ts';
import { pause } from '../waiting.ts';
import type { Doors } from './room.ts';

/** HAProxy before the instances. */
export class Balancer implements Doors {
  /** The newest, and those before a reload that still end their connections. */
  #children: ChildProcess[] = [];
  readonly #endWithRunner = () => this.#children.forEach((child) => child.kill('SIGKILL'));

  private constructor(
    private readonly folder: string,
    private readonly stickyPort: number,
    private readonly anyPort: number,
  ) {
    process.once('exit', this.#endWithRunner);
  }

  static async start(instances: readonly Site[], folder: string): Promise<Balancer> {
    const balancer = new Balancer(folder, await freePort(), await freePort());
    await writeFile(balancer.file, balancer.configuration(instances));
    await balancer.run();
    return balancer;
  }

  get sticky(): Site {
    return { url: `http://127.0.0.1:${this.stickyPort}` };
  }

  get any(): Site {
    return { url: `http://127.0.0.1:${this.anyPort}` };
  }

  async kill(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }),
    );
    this.#children = [];
  }

  /** Waits until it serves. One that runs is replaced, and its connections have 5 s to end. */
  async run(): Promise<void> {
    const before = this.#children.at(-1)?.pid;
    const words = ['-f', this.file, '-db', ...(before ? ['-sf', String(before)] : [])];
    const child = spawn('haproxy', words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const failure = new Promise<never>((_, reject) => child.once('error', reject));
    const log = (text: Buffer) => void appendFile(path.join(this.folder, 'haproxy.log'), text);
    child.stdout.on('data', log);
    child.stderr.on('data', log);
    this.#children.push(child);
    child.once('exit', () => {
      this.#children = this.#children.filter((other) => other !== child);
    });
    await Promise.race([failure, this.serves(child)]);
  }

  /** Replaces the one that runs, and waits until that has ended its connections. */
  async reload(): Promise<void> {
    await this.run();
    while (this.#children.length > 1) await pause(25);
  }

  async dispose(): Promise<void> {
    await this.kill();
    process.off('exit', this.#endWithRunner);
  }

  private async serves(child: ChildProcess): Promise<void> {
    const deadline = performance.now() + 20_000;
    for (const { url } of [this.sticky, this.any]) {
      while (!(await fetch(`${url}/ready`).catch(() => undefined))?.ok) {
        if (child.exitCode !== null || performance.now() > deadline) {
          throw new Error(`the balancer does not start; its log is in ${this.folder}`);
        }
        await pause(25);
      }
    }
  }

  private get file(): string {
    return path.join(this.folder, 'haproxy.cfg');
  }

  private configuration(instances: readonly Site[]): string {
    const servers = instances.map(({ url }, index) => {
      const { port } = new URL(url);
      return `  server instance${index + 1} 127.0.0.1:${port} cookie instance${index + 1}`;
    });
    // Who does not answer for three seconds loses its connections: their clients go elsewhere.
    const backend = `  balance roundrobin
  option httpchk GET /ready
  default-server check inter 1s fall 3 rise 1 on-marked-down shutdown-sessions
${servers.join('\n')}`;
    return `global
  maxconn 4000
  hard-stop-after 5s
defaults
  mode http
  option forwardfor
  option redispatch
  retries 2
  timeout connect 2s
  timeout check 1s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
listen sticky
  bind 127.0.0.1:${this.stickyPort}
  cookie INSTANCE insert indirect nocache
${backend}
listen any
  bind 127.0.0.1:${this.anyPort}
${backend}
`;
  }
}
