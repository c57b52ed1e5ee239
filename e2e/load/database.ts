import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { pause } from './waiting.ts';

const service = path.resolve(import.meta.dirname, '../../scripts/service-mongodb');

/** A MongoDB that may be killed. */
export class Database {
  /** The running one, once the one that the script started is killed. */
  #child: ChildProcess | undefined;
  #isKilled = false;

  private constructor(
    readonly uri: string,
    private readonly folder: string,
    private readonly command: string[],
    private readonly pid: number,
  ) {}

  static async start(): Promise<Database> {
    if (process.env['MONGODB_URI']) {
      throw new Error('MONGODB_URI is set: only a database started here may be killed; unset it');
    }
    const folder = await mkdtemp(path.join(tmpdir(), 'studyrooms-load-'));
    const { stdout } = await promisify(execFile)(service, [path.join(folder, 'data')]);
    const uri = /^MONGODB_URI=(.*)$/m.exec(stdout)?.[1];
    const pid = Number(/^MONGODB_PID=(\d+)$/m.exec(stdout)?.[1]);
    if (!uri || !pid) throw new Error(`scripts/service-mongodb says:\n${stdout}`);
    // The very same words start it again: same program, same port, same data.
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
    return new Database(uri, folder, command, pid);
  }

  /** Ends the database without any warning. */
  async kill(): Promise<void> {
    if (this.#child) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await ended;
      return;
    }
    if (!this.#isKilled) process.kill(this.pid, 'SIGKILL');
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
        throw new Error(`the database does not start; its log is in ${this.folder}`);
      }
      await pause(25);
    }
  }

  async dispose(keep: boolean): Promise<void> {
    await this.kill();
    if (keep) console.log(`the database's data and log: ${this.folder}`);
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
