/** What must hold between acks, log and readers. Pure, so that tests can show what it notices. */

/** An entry of a log, or what an ack or a reader says of one. */
export interface Line {
  seq: number;
  id: string;
}

/** What a reader saw in one go: exactly the log above `after` and up to `upTo`, if all is well. */
export interface Stretch {
  after: number;
  upTo: number;
  seen: Line[];
}

/** Each fault in words, with the offending id. */
export interface Faults {
  /** Acknowledged, and not in the log. */
  missing: string[];
  /** More than once where once is promised. */
  doubled: string[];
  /** Against the order of the log. */
  inversions: string[];
  /** In the log, and never shown to a reader who was shown what came later. */
  holes: string[];
  /** Acknowledged or shown otherwise than the log says. */
  wrong: string[];
}

export function noFaults(): Faults {
  return { missing: [], doubled: [], inversions: [], holes: [], wrong: [] };
}

const say = (line: Line) => `${line.id} at ${line.seq}`;

/** Whether a sequence rises strictly and has no id twice. */
export function checkOrder(lines: readonly Line[], whose: string, faults: Faults): void {
  const ids = new Map<string, Line>();
  let last: Line | undefined;
  for (const line of lines) {
    const before = ids.get(line.id);
    if (before) faults.doubled.push(`${whose}: ${say(line)}, before it at ${before.seq}`);
    else if (line.seq === last?.seq) {
      faults.doubled.push(`${whose}: ${say(line)}, the same place as ${say(last)}`);
    } else if (last && line.seq < last.seq) {
      faults.inversions.push(`${whose}: ${say(line)} after ${say(last)}`);
    }
    ids.set(line.id, line);
    last = line;
  }
}

/** Whether a log has all that was acknowledged, where the ack said. */
export function checkAcks(
  log: readonly Line[],
  acks: readonly Line[],
  whose: string,
  faults: Faults,
): void {
  const places = placesOf(log);
  const missing = new Map<string, Line>();
  for (const ack of acks) {
    const seq = places.get(ack.id);
    if (seq === undefined) missing.set(ack.id, ack);
    else if (seq !== ack.seq) {
      faults.wrong.push(`${whose}: ${say(ack)} by its ack, at ${seq} in the log`);
    }
  }
  // Sent twice and lost is lost once.
  for (const ack of missing.values()) faults.missing.push(`${whose}: ${say(ack)} by its ack`);
}

/** Whether one writer's entries are in the log in the order sent; not all need be there. */
export function checkWriter(
  log: readonly Line[],
  sent: readonly string[],
  whose: string,
  faults: Faults,
): void {
  const places = placesOf(log);
  const lines = sent.flatMap((id) => {
    const seq = places.get(id);
    return seq === undefined ? [] : [{ id, seq }];
  });
  checkOrder(lines, whose, faults);
}

/** Of what is there twice, the first place. */
function placesOf(log: readonly Line[]): Map<string, number> {
  return new Map(log.map((line): [string, number] => [line.id, line.seq]).reverse());
}

/** Whether a log numbers its entries 1, 2, 3 … and has nothing beyond its own last position. */
export function checkNumbering(
  log: readonly Line[],
  lastSeq: number,
  whose: string,
  faults: Faults,
): void {
  log.forEach((line, index) => {
    if (line.seq !== index + 1) faults.wrong.push(`${whose}: ${say(line)} is entry ${index + 1}`);
  });
  if (lastSeq !== log.length) {
    faults.wrong.push(`${whose}: ${log.length} entries, but its last position is ${lastSeq}`);
  }
}

/** Whether a reader saw exactly the log; of its `own` entries it may know otherwise. */
export function checkStretch(
  log: readonly Line[],
  stretch: Stretch,
  whose: string,
  faults: Faults,
  own: ReadonlySet<string> = new Set(),
): void {
  const { after, upTo, seen } = stretch;
  checkOrder(seen, whose, faults);
  const shown = new Set(seen.map((line) => line.seq));
  const stored = new Map(log.map((line) => [line.seq, line.id]));
  for (const line of log) {
    const isDue = line.seq > after && line.seq <= upTo && !own.has(line.id);
    if (isDue && !shown.has(line.seq)) {
      faults.holes.push(`${whose}: ${say(line)} was never shown (from ${after + 1} to ${upTo})`);
    }
  }
  for (const line of seen) {
    const id = stored.get(line.seq);
    if (id !== line.id) {
      const truth = id === undefined ? 'nothing' : id;
      faults.wrong.push(`${whose}: was shown ${say(line)}, the log has ${truth} there`);
    }
  }
}
