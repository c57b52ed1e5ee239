import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Order, Report } from './attackers.ts';
import type { Told } from './deeds.ts';

/** The hostile guests, in a process of their own: they must not hold up those who measure. */
export class Guests {
  readonly #child: ChildProcess;
  #told: Told | undefined;
  #error: string | undefined;
  onPhase: (phase: number) => void = () => undefined;

  constructor() {
    this.#child = fork(path.join(import.meta.dirname, 'attackers.ts'));
    this.#child.on('message', (report: Report) => {
      if ('told' in report) this.#told = report.told;
      else if ('error' in report) this.#error = report.error;
      else this.onPhase(report.phase);
    });
  }

  begin(order: Order): void {
    this.#child.send(order);
  }

  /** Whether they came to the end of it, in one way or another. */
  get isOver(): boolean {
    return this.#told !== undefined || this.#error !== undefined || this.#child.exitCode !== null;
  }

  /** @throws if something ended them. */
  get told(): Told {
    if (this.#told) return this.#told;
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
