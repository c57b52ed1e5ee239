import type { Chance } from './chance.ts';
import type { Outcome } from './answers.ts';
import type { Frame } from './lines.ts';
import type { Facts } from './payloads.ts';

/** One packet of Socket.IO, as one or more messages of Engine.IO. */
export interface Shot {
  frames: Frame[];
  /** The ack id, of a packet that is valid as such and must be answered. */
  ackId?: string;
  event?: string;
  /** The only right answer, where there is but one. */
  must?: Outcome;
  /** Whether the server may end the connection for it. */
  rude: boolean;
}

/** What the server sent. */
export interface Heard {
  kind: 'in' | 'refused' | 'out' | 'ack' | 'error' | 'other';
  ackId?: string;
  /** Of CONNECT_ERROR the message, of an ack or `error` what it carries. */
  data?: unknown;
}

/** A parser of Socket.IO, and what is odd in its packets. */
export interface Dialect {
  name: string;
  path: string;
  enter(auth: object): Frame[];
  ask(ackId: number, event: string, payload: object): Frame[];
  /** Packets of all kinds; `nextId` gives ack ids that are free. */
  packet(chance: Chance, facts: Facts, nextId: () => number): Shot;
  hear(frame: Frame): Heard;
}

/** `ok` or the code. */
export function outcomeOf(ack: unknown): Outcome {
  const { ok, error } = (ack ?? {}) as { ok?: boolean; error?: { code?: string } };
  return ok === true ? 'ok' : (error?.code ?? 'none');
}
