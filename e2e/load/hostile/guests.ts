import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Order, Report } from './guest-process.ts';
import type { Counts } from './counters.ts';

/** The hostile guests, in a process of their own: they must not hold up those who measure. */
export class Guests {
  readonly #child: ChildProcess;
  #counts: Counts | undefined;
  #error: string | undefined;
  onPhase: (phase: number) => void = () => undefined;

  constructor() {
    this.#child = fork(path.join(import.meta.dirname, 'guest-process.ts'));
    this.#child.on('message', (report: Report) => {
      if ('counts' in report) this.#counts = report.counts;
      else if ('error' in report) this.#error = report.error;
      else this.onPhase(report.phase);
    });
  }

  begin(order: Order): void {
    this.#child.send(order);
  }

  /** Whether they came to the end of it, in one way or another. */
  get isOver(): boolean {
    return this.#counts !== undefined || this.#error !== undefined || this.#child.exitCode !== null;
  }

  /** @throws if something ended them. */
  get counts(): Counts {
    if (this.#counts) return this.#counts;
    throw new Error(`the guests: ${this.#error ?? 'ended'}`);
  }

  async end(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if ((exitCode ?? signalCode) !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
