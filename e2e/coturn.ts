import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './server.ts';

const run = promisify(execFile);
const settings = path.resolve(import.meta.dirname, '../turn/turnserver.conf');

export type Transport = 'udp' | 'tcp' | 'tls';

/** A real TURN server with the settings of `turn/`, on ports and in a folder of its own. */
export class Coturn {
  readonly secret = randomBytes(16).toString('hex');
  #process: ChildProcess | undefined;
  #log = '';

  private constructor(
    private readonly folder: string,
    private readonly address: string,
    readonly port: number,
    readonly tlsPort: number,
  ) {}

  /** @param address where it listens and relays; the loopback is allowed for tests only. */
  static async start(address = '127.0.0.1', port?: number): Promise<Coturn> {
    const folder = await mkdtemp(path.join(tmpdir(), 'studyrooms-coturn-'));
    const coturn = new Coturn(folder, address, port ?? (await freePort()), await freePort());
    await coturn.writeSettings();
    await coturn.run();
    return coturn;
  }

  get log(): string {
    return this.#log;
  }

  url(transport: Transport, port?: number): string {
    if (transport === 'tls') return `turns:${this.address}:${port ?? this.tlsPort}?transport=tcp`;
    return `turn:${this.address}:${port ?? this.port}?transport=${transport}`;
  }

  /** What a server needs to know of it. */
  environment(...transports: Transport[]): Record<string, string> {
    const urls = transports.map((transport) => this.url(transport));
    return { TURN_URLS: urls.join(), TURN_SECRET: this.secret };
  }

  /** For Chromium's `--ignore-certificate-errors-spki-list`. */
  async certificateHash(): Promise<string> {
    const { publicKey } = new X509Certificate(await readFile(this.file('cert.pem')));
    const key = publicKey.export({ type: 'spki', format: 'der' });
    return createHash('sha256').update(key).digest('base64');
  }

  async run(): Promise<void> {
    const child = spawn('turnserver', ['-c', this.file('turn.conf')]);
    this.#process = child;
    const endWithRunner = () => child.kill('SIGKILL');
    process.once('exit', endWithRunner);
    child.once('exit', () => process.off('exit', endWithRunner));
    child.stdout.on('data', (text) => (this.#log += String(text)));
    child.stderr.on('data', (text) => (this.#log += String(text)));
    const deadline = Date.now() + 10_000;
    while (!(await this.answers())) {
      if (child.exitCode !== null || Date.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`coturn does not start:\n${this.#log}`);
      }
      await new Promise((wait) => setTimeout(wait, 25));
    }
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private file(name: string): string {
    return path.join(this.folder, name);
  }

  private async writeSettings(): Promise<void> {
    const own = /^(listening-port|tls-listening-port|min-port|max-port|userdb|pidfile)=/;
    // Where everyone sits on one machine, its own addresses are those of the others.
    const here = /^denied-peer-ip=(127\.|198\.51\.100\.|::ffff:)/;
    const kept = (await readFile(settings, 'utf8'))
      .split('\n')
      .filter((line) => !own.test(line) && !here.test(line));
    const first = 20_000 + Math.floor(Math.random() * 8_000);
    const added = [
      `listening-ip=${this.address}`,
      `relay-ip=${this.address}`,
      `listening-port=${this.port}`,
      `tls-listening-port=${this.tlsPort}`,
      `min-port=${first}`,
      `max-port=${first + 400}`,
      `static-auth-secret=${this.secret}`,
      'realm=test.example.org',
      'allow-loopback-peers',
      `cert=${this.file('cert.pem')}`,
      `pkey=${this.file('key.pem')}`,
      `userdb=${this.file('turndb')}`,
      `pidfile=${this.file('pid')}`,
    ];
    await writeFile(this.file('turn.conf'), [...kept, ...added, ''].join('\n'));
    const words = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test';
    await run('openssl', [
      'req',
      ...words.split(' '),
      '-keyout',
      this.file('key.pem'),
      '-out',
      this.file('cert.pem'),
    ]);
  }

  private async answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const probe = connect(this.port, this.address);
      const answer = (is: boolean) => {
        probe.destroy();
        resolve(is);
      };
      probe.once('connect', () => answer(true));
      probe.once('error', () => answer(false));
    });
  }
}
