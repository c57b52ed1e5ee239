/** What all attackers did, and what came of it. */
export class Tally {
  packets = 0;
  connections = 0;
  asked = 0;
  answered = 0;
  /** Questions of connections that a broken packet ended. */
  excused = 0;
  /** Answers by `ok` or code. */
  readonly outcomes: Record<string, number> = {};
  /** What connections, requests and transports came to, by kind. */
  readonly others: Record<string, number> = {};
  readonly faults: string[] = [];

  count(outcome: string): void {
    add(this.outcomes, outcome);
  }

  note(kind: string): void {
    add(this.others, kind);
  }

  fault(text: string): void {
    this.faults.push(text);
  }
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
