import type { Frame } from '../fuzz/lines.ts';

/** What the guests did, by name, and what they were answered. Travels from their process to the report. */
export interface Counts {
  events: Record<string, number>;
  routes: Record<string, number>;
  /** Answers by event or `HTTP`, and by `ok`, code or status. */
  outcomes: Record<string, Record<string, number>>;
  /** What was counted beside: connections that the server ended, pictures saved, bytes put. */
  others: Record<string, number>;
  connections: number;
  sentMb: number;
}

export class Counters {
  readonly #events: Record<string, number> = {};
  readonly #routes: Record<string, number> = {};
  readonly #outcomes: Counts['outcomes'] = {};
  readonly #others: Record<string, number> = {};
  connections = 0;
  #bytes = 0;

  get counts(): Counts {
    return {
      events: this.#events,
      routes: this.#routes,
      outcomes: this.#outcomes,
      others: this.#others,
      connections: this.connections,
      sentMb: this.#bytes / 2 ** 20,
    };
  }

  sent(event: string, frames: Frame[]): void {
    add(this.#events, event);
    for (const { data } of frames) this.#bytes += data.length;
  }

  /** @param route as the OpenAPI document names it: `GET /api/rooms/{room}`. */
  called(route: string, status: number): void {
    add(this.#routes, route);
    this.answered('HTTP', String(status));
  }

  answered(event: string, outcome: string): void {
    add((this.#outcomes[event] ??= {}), outcome);
  }

  note(what: string): void {
    add(this.#others, what);
  }
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
