import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const interpreter = process.env['PYTHON'] ?? 'python3';

interface Line {
  event: string;
  payload: unknown;
}

/** A run of `python/chat.py`, a stock python-socketio client. */
export class PythonClient {
  readonly lines: Line[] = [];
  #errors = '';

  private constructor(private readonly process: ChildProcess) {}

  static start(
    url: string,
    token: string,
    room: string,
    transport: string,
    text: string,
  ): PythonClient {
    const script = path.join(import.meta.dirname, 'python/chat.py');
    const child = spawn(interpreter, [script, url, token, room, transport, text]);
    const client = new PythonClient(child);
    createInterface({ input: child.stdout }).on('line', (line) => {
      client.lines.push(JSON.parse(line) as Line);
    });
    child.stderr.on('data', (text) => (client.#errors += String(text)));
    return client;
  }

  /** The payload of the first line of that name so far. */
  payload(event: string): unknown {
    return this.lines.find((line) => line.event === event)?.payload;
  }

  /** Texts heard so far. */
  get heard(): string[] {
    return this.lines
      .filter((line) => line.event === 'chat:message')
      .map((line) => (line.payload as { message: { text: string } }).message.text);
  }

  /** Waits until it has ended by itself, and fails when it did so with an error. */
  async ended(): Promise<void> {
    if (this.process.exitCode === null) await once(this.process, 'exit');
    if (this.process.exitCode !== 0) throw new Error(`python ended badly:\n${this.#errors}`);
  }

  kill(): void {
    this.process.kill();
  }
}
