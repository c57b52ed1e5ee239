import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BoardOp, BoardUpdate, Element } from '../../../protocol';
import { split, type Batch } from './batches';
import { ElementTable } from './elements';
import { byZ, fold } from './fold';
import { Replica } from './replica';

let ids = 0;
const stroke = (id: string): BoardOp => ({
  type: 'stroke',
  id,
  points: [[1, 1]],
  color: '#000',
  width: 2,
});
const replica = (me = 'me') =>
  new Replica(
    me,
    () => `op${ids++}`,
    () => undefined,
  );
const shown = (it: Replica) => [...it.elements()].sort(byZ);
const entry = (seq: number, ops: BoardOp[], by = 'other', opId = `x${seq}`): BoardUpdate => ({
  roomId: 'r',
  seq,
  by,
  opId,
  ops,
});

test('tells of a text that was stored while another for the same element was on its way', () => {
  const found: string[] = [];
  const it = new Replica(
    'me',
    () => `op${ids++}`,
    () => undefined,
    (id, theirs) => found.push(`${id}: ${theirs}`),
  );
  const text = (to: string): BoardOp => ({ type: 'patch', id: 'n', set: { text: to } });
  const note = { id: 'n', kind: 'note', x: 0, y: 0, w: 9, h: 9, color: '#000', width: 2 } as const;
  it.update(entry(1, [{ type: 'put', element: { ...note, text: '' } }]));
  it.update(entry(2, [text('theirs, before')]));
  it.draw([text('mine')]);
  it.seal();
  it.update(entry(3, [{ type: 'patch', id: 'n', set: { x: 5 } }]));
  expect(found).toEqual([]);
  it.update(entry(4, [text('theirs')]));
  expect(found).toEqual(['n: theirs']);
  expect(it.get('n')?.text).toBe('mine');
  const batch = it.take()!;
  it.update(entry(5, batch.ops as BoardOp[], 'me', batch.opId));
  it.update(entry(6, [text('theirs, after')]));
  expect(found).toEqual(['n: theirs']);
});

describe('order', () => {
  test('an update that came before the ack of an earlier batch of ours waits for it', () => {
    const it = replica();
    it.draw([stroke('mine')]);
    it.seal();
    const batch = it.take()!;
    it.update(entry(2, [stroke('theirs')]));
    expect(it.seq).toBe(0);
    it.acked(batch.opId, 1);
    expect(it.seq).toBe(2);
    expect(shown(it).map((element) => element.id)).toEqual(['mine', 'theirs']);
  });

  test('a refused batch lets the updates behind it through and takes its strokes back', () => {
    const it = replica();
    it.draw([stroke('mine')]);
    it.seal();
    const batch = it.take()!;
    it.update(entry(2, [stroke('theirs')]));
    it.refused(batch.opId, true);
    expect(shown(it).map((element) => element.id)).toEqual(['theirs']);
    expect(it.unsaved).toBe(0);
  });

  test('a batch stored before the connection broke is known again by its opId', () => {
    const it = replica();
    it.draw([stroke('mine')]);
    it.seal();
    const batch = it.take()!;
    it.update(entry(1, [stroke('mine')], 'me', batch.opId));
    expect(it.unsaved).toBe(0);
    it.acked(batch.opId, 1);
    expect(shown(it)).toHaveLength(1);
  });

  test('an ack at a place the snapshot has already covered only ends the waiting', () => {
    const it = replica();
    it.draw([stroke('mine')]);
    it.seal();
    const batch = it.take()!;
    const elements: Element[] = [{ ...stroke('mine'), kind: 'stroke', z: 1, by: 'me' } as never];
    it.snapshot({ roomId: 'r', seq: 5, elements, part: 1, parts: 1 });
    it.acked(batch.opId, 3);
    expect(it.unsaved).toBe(0);
    expect(it.seq).toBe(5);
    expect(shown(it)).toHaveLength(1);
  });

  test('parts of a snapshot replace the board when the last has come', () => {
    const it = replica();
    it.update(entry(1, [stroke('old')]));
    const part = (n: number, id: string) => {
      const element: Element = { id, kind: 'rect', color: '#000', width: 1, z: n };
      it.snapshot({ roomId: 'r', seq: 9, elements: [element], part: n, parts: 2 });
    };
    part(1, 'a');
    expect(shown(it).map((element) => element.id)).toEqual(['old']);
    part(2, 'b');
    expect(shown(it).map((element) => element.id)).toEqual(['a', 'b']);
  });

  test('own ops stay above what others do meanwhile', () => {
    const it = replica();
    it.draw([stroke('mine'), { type: 'append', id: 'mine', offset: 1, points: [[2, 2]] }]);
    it.update(entry(1, [{ type: 'clear' }, stroke('theirs')]));
    expect(
      shown(it)
        .map((element) => element.id)
        .sort(),
    ).toEqual(['mine', 'theirs']);
    expect(it.get('mine')?.points).toHaveLength(2);
  });
});

test('batches stay within what the server takes', () => {
  const many = Array.from({ length: 450 }, (_, i) => stroke(`s${i}`));
  expect(split(many).map((list) => list.length)).toEqual([200, 200, 50]);
  const long = { ...stroke('l'), points: Array.from({ length: 9_000 }, () => [0, 0]) } as BoardOp;
  expect(split([long, long, long, stroke('s')]).map((list) => list.length)).toEqual([2, 2]);
});

/** The server in a few lines: one log, acks and updates to each client in the log's order. */
class Sequencer {
  readonly log: BoardUpdate[] = [];
  readonly board = new ElementTable();

  take(by: string, batch: Batch, refuse: boolean): number | undefined {
    const known = this.log.find((old) => old.opId === batch.opId && old.by === by);
    if (known) return known.seq;
    if (refuse) return undefined;
    const seq = this.log.length + 1;
    this.log.push(entry(seq, [...batch.ops], by, batch.opId));
    fold(this.board, by, batch.ops);
    return seq;
  }
}

/** A client with its line to the server: what is delivered waits in order. */
class Peer {
  readonly it: Replica;
  inbox: (() => void)[] = [];
  /** An ack reaches the replica a moment later than updates that came with it. */
  ack: (() => void) | undefined;
  online = true;
  sent = 0;
  delivered = 0;

  constructor(
    readonly name: string,
    readonly server: Sequencer,
  ) {
    this.it = replica(name);
  }

  /** The server's side of delivery, up to the end of the log. */
  feed(): void {
    for (const update of this.server.log.slice(this.sent)) {
      if (update.by !== this.name) this.inbox.push(() => this.it.update(update));
    }
    this.sent = this.server.log.length;
  }

  send(refuse: boolean): void {
    if (!this.online || this.ack) return;
    this.it.seal();
    const batch = this.it.take();
    if (!batch) return;
    this.feed();
    const seq = this.server.take(this.name, batch, refuse);
    this.feed();
    const due = this.delivered + this.inbox.length;
    this.ack = () => {
      while (this.delivered < due) this.deliver();
      this.ack = undefined;
      if (seq === undefined) this.it.refused(batch.opId, true);
      else this.it.acked(batch.opId, seq);
    };
  }

  /** What precedes the ack in the log comes before it, never after. */
  answer(): void {
    this.ack?.();
  }

  deliver(): void {
    const next = this.inbox.shift();
    if (!next) return;
    this.delivered += 1;
    next();
  }

  /** The line breaks: what was on its way is lost. */
  drop(): void {
    this.online = false;
    this.inbox = [];
    this.ack = undefined;
  }

  rejoin(withSnapshot: boolean): void {
    if (this.online) return;
    this.online = true;
    const { log, board } = this.server;
    if (withSnapshot) {
      const snapshot = { roomId: 'r', seq: log.length, elements: [...board.values()] };
      this.inbox.push(() => this.it.snapshot({ ...snapshot, part: 1, parts: 1 }));
    } else {
      const { seq } = this.it;
      for (const update of log.slice(seq)) this.inbox.push(() => this.it.update(update));
    }
    this.sent = log.length;
  }
}

const element = fc.constantFrom('a', 'b', 'c', 'd');
const point = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }));
const points = fc.array(point, { minLength: 1, maxLength: 3 });
const op: fc.Arbitrary<BoardOp> = fc.oneof(
  fc.record({
    type: fc.constant('stroke' as const),
    id: element,
    points,
    color: fc.constant('#000'),
    width: fc.constant(2),
  }),
  fc.record({
    type: fc.constant('append' as const),
    id: element,
    offset: fc.integer({ min: 0, max: 3 }),
    points,
  }),
  fc.record({
    type: fc.constant('put' as const),
    element: fc.record(
      {
        id: element,
        kind: fc.constant('rect' as const),
        x: fc.integer({ min: 0, max: 9 }),
        color: fc.constant('#00f'),
        width: fc.constant(1),
        z: fc.integer({ min: -2, max: 4 }),
      },
      { requiredKeys: ['id', 'kind', 'color', 'width'] },
    ),
  }),
  fc.record({
    type: fc.constant('patch' as const),
    id: element,
    set: fc.record(
      { x: fc.integer({ min: 0, max: 9 }), z: fc.integer({ min: -2, max: 9 }), points },
      { requiredKeys: [] },
    ),
  }),
  fc.record({ type: fc.constant('erase' as const), ids: fc.array(element, { maxLength: 2 }) }),
  fc.constant({ type: 'clear' as const }),
);

const happening = fc.record({
  peer: fc.nat({ max: 2 }),
  what: fc.oneof(
    { weight: 4, arbitrary: fc.record({ draw: fc.array(op, { minLength: 1, maxLength: 3 }) }) },
    { weight: 4, arbitrary: fc.record({ send: fc.nat({ max: 9 }) }) },
    { weight: 5, arbitrary: fc.record({ deliver: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 3, arbitrary: fc.constant({ ack: true }) },
    { weight: 1, arbitrary: fc.constant({ drop: true }) },
    { weight: 2, arbitrary: fc.record({ rejoin: fc.boolean() }) },
  ),
});

function happen(peer: Peer, what: object): void {
  if ('draw' in what) peer.it.draw(what.draw as BoardOp[]);
  if ('send' in what) peer.send(what.send === 0);
  if ('deliver' in what) for (let n = 0; n < (what.deliver as number); n++) peer.deliver();
  if ('ack' in what) peer.answer();
  if ('drop' in what) peer.drop();
  if ('rejoin' in what) peer.rejoin(what.rejoin as boolean);
}

test('whatever is lost, refused or late, all boards end as the server has it', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const server = new Sequencer();
      const peers = ['ann', 'bob', 'cay'].map((name) => new Peer(name, server));
      for (const { peer, what } of happenings) {
        happen(peers[peer]!, what);
        for (const other of peers) if (other.online) other.feed();
      }
      for (let round = 0; round < 200; round++) {
        for (const peer of peers) {
          peer.rejoin(false);
          peer.send(false);
          peer.feed();
          while (peer.inbox.length > 0) peer.deliver();
          peer.answer();
        }
      }
      const truth = [...server.board.values()].sort(byZ);
      for (const peer of peers) {
        expect(peer.it.unsaved).toBe(0);
        expect(shown(peer.it)).toEqual(truth);
      }
    }),
    { numRuns: 500 },
  );
});

describe('a snapshot that comes in parts', () => {
  const element = (id: string): Element => ({
    id,
    kind: 'rect',
    x: 0,
    y: 0,
    w: 1,
    h: 1,
    color: '#000',
    width: 1,
    z: 1,
  });
  const part = (n: number, of: Element[]) => ({
    roomId: 'r',
    seq: 7,
    elements: of,
    part: n,
    parts: 2,
  });

  test('what is acknowledged between its parts is there at the end, in its place', () => {
    const it = replica();
    it.snapshot(part(1, [element('one')]));
    it.draw([stroke('mine')]);
    it.seal();
    const batch = it.take()!;
    it.acked(batch.opId, 8);
    expect(shown(it).map(({ id }) => id)).toContain('mine');
    it.snapshot(part(2, [element('two')]));
    expect(
      shown(it)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['mine', 'one', 'two']);
    it.update(entry(8, batch.ops as BoardOp[], 'me', batch.opId));
    expect(it.seq).toBe(8);
    expect(it.unsaved).toBe(0);
  });

  test('one that a broken connection left in the middle holds nothing up', () => {
    const it = replica();
    it.snapshot(part(1, [element('old')]));
    it.joined();
    it.update(entry(1, [stroke('theirs')]));
    expect(shown(it).map(({ id }) => id)).toEqual(['theirs']);
  });

  test('one that begins anew replaces what had come of the one before', () => {
    const it = replica();
    it.snapshot(part(1, [element('old')]));
    it.snapshot(part(1, [element('one')]));
    it.snapshot(part(2, [element('two')]));
    expect(
      shown(it)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['one', 'two']);
  });
});
