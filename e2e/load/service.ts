import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { pause } from './waiting.ts';

const scripts = path.resolve(import.meta.dirname, '../../scripts');

/** By the variable that tells the program where it is. */
const names = { mongodb: 'MONGODB_URI', redis: 'REDIS_URL' } as const;

/** A MongoDB or a Redis that may be killed: always one of its own, whatever is configured. */
export class Service {
  /** The running one, once the one that the script started is killed. */
  #child: ChildProcess | undefined;
  #isKilled = false;
  readonly #endWithRunner = () => this.signal('SIGKILL');

  private constructor(
    readonly uri: string,
    private readonly folder: string,
    private readonly command: string[],
    private readonly firstPid: number,
  ) {
    process.once('exit', this.#endWithRunner);
  }

  static async start(name: keyof typeof names): Promise<Service> {
    const env = { ...process.env, [names[name]]: '' };
    const folder = await mkdtemp(path.join(tmpdir(), 'studyrooms-load-'));
    const script = path.join(scripts, `service-${name}`);
    const { stdout } = await promisify(execFile)(script, [path.join(folder, 'data')], { env });
    const uri = new RegExp(`^${names[name]}=(.*)$`, 'm').exec(stdout)?.[1];
    const pid = Number(/^\w+_PID=(\d+)$/m.exec(stdout)?.[1]);
    if (!uri || !pid) throw new Error(`scripts/service-${name} says:\n${stdout}`);
    // The very same words start it again: same program, same port, same data.
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
    return new Service(uri, folder, command, pid);
  }

  /** The operating system's number of the running one. */
  get pid(): number {
    return this.#child?.pid ?? this.firstPid;
  }

  /** Does nothing to one that has ended. */
  signal(signal: NodeJS.Signals): void {
    if (this.#child) this.#child.kill(signal);
    else if (!this.#isKilled) {
      try {
        process.kill(this.firstPid, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }

  /** Ends it without any warning. */
  async kill(): Promise<void> {
    if (this.#child) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await ended;
      return;
    }
    this.signal('SIGKILL');
    this.#isKilled = true;
    while (await this.listens()) await pause(5);
  }

  /** Starts it on the same port and data, and waits until it listens. */
  async run(): Promise<void> {
    const [program = '', ...words] = this.command;
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(path.join(this.folder, 'data.log'), { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once('close', () => log.end());
    this.#child = child;
    const deadline = performance.now() + 30_000;
    while (!(await this.listens())) {
      if (child.exitCode !== null || performance.now() > deadline) {
        throw new Error(`${program} does not start; its log is in ${this.folder}`);
      }
      await pause(25);
    }
  }

  /** Sends one command of Redis, by its simplest form. Resolves to the first line of the answer. */
  async tell(words: string): Promise<string> {
    const { hostname, port } = new URL(this.uri);
    const socket = connect(Number(port), hostname);
    try {
      socket.write(`${words}\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      return String(answer).split('\r\n')[0] ?? '';
    } finally {
      socket.destroy();
    }
  }

  async dispose(keep: boolean): Promise<void> {
    await this.kill();
    process.off('exit', this.#endWithRunner);
    if (keep) console.log(`data and log of ${this.uri}: ${this.folder}`);
    else await rm(this.folder, { recursive: true, force: true });
  }

  private async listens(): Promise<boolean> {
    const { hostname, port } = new URL(this.uri);
    return new Promise((answer) => {
      const probe = connect(Number(port), hostname);
      probe.once('connect', () => answer(true));
      probe.once('error', () => answer(false));
      probe.once('close', () => answer(false));
      probe.once('connect', () => probe.destroy());
    });
  }
}
