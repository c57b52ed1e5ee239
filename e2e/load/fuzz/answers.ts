import type { Tally } from './tally.ts';

/** What comes back: `ok`, or why not. */
export type Outcome = string;

/** Bytes that an event of any kind may have, at least (docs/PROTOCOL.md). */
const smallestLimit = 32 * 1024;

interface Question {
  text: string;
  /** What alone is right. */
  must: Outcome | undefined;
}

/** What one connection asked. Each question has one answer: none, two or a wrong one is a fault. */
export class Answers {
  readonly #open = new Map<string, Question>();
  readonly #done = new Set<string>();

  constructor(private readonly tally: Tally) {}

  get areAllIn(): boolean {
    return this.#open.size === 0;
  }

  ask(id: string, text: string, must?: Outcome): void {
    if (this.#open.has(id) || this.#done.has(id)) throw new Error(`asked twice: ${id}`);
    this.tally.asked++;
    this.#open.set(id, { text, must });
  }

  answer(id: string, outcome: Outcome, text: string): void {
    this.tally.count(outcome);
    const question = this.#open.get(id);
    if (question === undefined) {
      // A packet that is out of order may be read as a question of ours, with an id of its own.
      if (this.#done.has(id)) this.tally.fault(`answered twice: ${id} ${text.slice(0, 200)}`);
      return;
    }
    this.#open.delete(id);
    this.#done.add(id);
    this.tally.answered++;
    const { must } = question;
    // What is too large is refused before it is read.
    const isUnread =
      must === 'bad_request' && outcome === 'too_large' && question.text.length > smallestLimit;
    if (must !== undefined && outcome !== must && !isUnread) {
      const asked = question.text.slice(0, 200);
      this.tally.fault(`${must} is right, not ${text.slice(0, 200)}, to ${asked}`);
    }
  }

  /** The time is over. */
  missed(): void {
    for (const { text } of this.#open.values()) {
      this.tally.fault(`not answered: ${text.slice(0, 300)}`);
    }
    this.#open.clear();
  }

  /** The connection is over: nobody waits any more. */
  excuse(): void {
    this.tally.excused += this.#open.size;
    this.#open.clear();
  }
}
