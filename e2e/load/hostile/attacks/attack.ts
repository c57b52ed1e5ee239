import type { Guest } from '../guest.ts';

/** Something hostile that is done until the end; what was opened for it is closed then. */
export type Attack = (guest: Guest, end: AbortSignal) => Promise<void>;
export type Attacks = Record<string, Attack>;
