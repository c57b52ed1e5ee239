import { test as base } from '@playwright/test';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const binary =
  process.env['STUDYROOMS_BIN'] ?? path.resolve(import.meta.dirname, '../target/debug/studyrooms');

/** The program under test, on a port and a data directory of its own. */
export class Server {
  #process: ChildProcess | undefined;
  #log = '';

  private constructor(
    private readonly port: number,
    readonly dataDir: string,
    private readonly environment: Record<string, string>,
    private readonly address: string,
    private readonly wrapper: string[],
  ) {}

  /** @param wrapper words before the program's own at every start, for a shell that sets limits. */
  static async start(
    environment: Record<string, string> = {},
    address = '127.0.0.1',
    wrapper: string[] = [],
  ): Promise<Server> {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'studyrooms-e2e-'));
    const server = new Server(await freePort(), dataDir, environment, address, wrapper);
    await server.run();
    return server;
  }

  get url(): string {
    const host = this.address === '127.0.0.1' ? 'localhost' : this.address;
    return `http://${host}:${this.port}`;
  }

  /** Where its data is, for the program's other commands. */
  get place(): Record<string, string> {
    return { DATA_DIR: this.dataDir, ...this.environment };
  }

  /** What the program wrote, of all its runs. */
  get log(): string {
    return this.#log;
  }

  /** The operating system's number of the running program. */
  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error('the server is not running');
    return pid;
  }

  /**
   * Starts the program, on the same port and data as before, and waits until it is ready.
   * @param wrapper words before the program's own, for a shell that sets limits.
   */
  async run(wrapper = this.wrapper): Promise<void> {
    const serve = [
      binary,
      'serve',
      '--listen',
      `${this.address}:${this.port}`,
      '--data-dir',
      this.dataDir,
    ];
    const [program = binary, ...rest] = [...wrapper, ...serve];
    const child = spawn(program, rest, {
      env: {
        PATH: process.env['PATH'],
        RUST_LOG: 'info',
        // Tests do in a second what people do in an hour; those of the limits ask for '1'.
        RATE_LIMIT_FACTOR: '1000',
        ...this.environment,
      },
    });
    this.#process = child;
    // A runner that ends in the middle of a test leaves nothing running either.
    const endWithRunner = () => child.kill('SIGKILL');
    process.once('exit', endWithRunner);
    child.once('exit', () => process.off('exit', endWithRunner));
    child.stdout.on('data', (text) => (this.#log += String(text)));
    child.stderr.on('data', (text) => (this.#log += String(text)));
    const deadline = Date.now() + 20_000;
    while (!(await this.isReady())) {
      if (child.exitCode !== null || Date.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`the server does not start:\n${this.#log}`);
      }
      await new Promise((wait) => setTimeout(wait, 25));
    }
  }

  /** Ends the program without any warning. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks the program to end. Resolves to its exit code. */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) {
      return child?.exitCode ?? null;
    }
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    return child.exitCode;
  }

  private async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/ready`)).ok;
    } catch {
      return false;
    }
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

interface Served {
  /** Of that server, beyond the usual ones. */
  settings: Record<string, string>;
  server: Server;
}

/** Every test gets a server of its own. */
export const test = base.extend<Served>({
  settings: [{}, { option: true }],
  server: async ({ settings }, use, info) => {
    const server = await Server.start(settings);
    await use(server);
    if (info.status !== info.expectedStatus) {
      await info.attach('server log', { body: server.log, contentType: 'text/plain' });
    }
    await server.dispose();
  },
});

export { expect } from '@playwright/test';
