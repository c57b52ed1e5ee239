/** What all attackers did, and what came of it. */
export class Tally {
  packets = 0;
  connections = 0;
  asked = 0;
  answered = 0;
  excused = 0;
  readonly refused: Record<string, number> = {};
  readonly faults: string[] = [];

  refusal(text: string): void {
    const [, code = 'none'] = /"code":"(\w+)"/.exec(text) ?? [];
    this.count(code);
  }

  count(code: string): void {
    this.refused[code] = (this.refused[code] ?? 0) + 1;
  }

  fault(text: string): void {
    this.faults.push(text);
  }
}
