import type { Line, Stretch } from './checks.ts';

/** What one reader saw of one log. */
export class View {
  readonly stretches: Stretch[] = [];
  /** What came at or below the highest place shown before it, noticed when it came. */
  readonly amiss: { line: Line; after: number; at: number }[] = [];

  /** The highest place seen or told, to be given when joining again. */
  get place(): number | undefined {
    return this.stretches.at(-1)?.upTo;
  }

  /** All that was seen before is replaced: `seen` is the log above `after`, up to `upTo`. */
  begin(after: number, upTo: number, seen: Line[]): void {
    this.stretches.push({ after, upTo, seen });
  }

  /** What follows on. */
  add(lines: Line[], upTo = 0): void {
    const stretch = this.stretches.at(-1);
    if (!stretch) {
      this.begin(0, upTo, lines);
      return;
    }
    for (const line of lines) {
      const { upTo: after } = stretch;
      if (line.seq <= after) this.amiss.push({ line, after, at: performance.now() });
      stretch.seen.push(line);
      stretch.upTo = Math.max(after, line.seq);
    }
    stretch.upTo = Math.max(stretch.upTo, upTo);
  }

  /** All of the log has been shown by now: what is not seen yet will never be. */
  close(lastSeq: number): void {
    const stretch = this.stretches.at(-1);
    if (stretch) stretch.upTo = Math.max(stretch.upTo, lastSeq);
  }
}
