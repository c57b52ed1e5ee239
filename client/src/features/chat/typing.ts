import { monotonic } from '../../connection';
import type { SocketId, UserId } from '../../protocol';
import { isolated } from '../../ui';

const REPEAT_MS = 2_000;
const IDLE_MS = 4_000;
/** The server's own bound (SPEC 5.4), and a little for the way. */
const EXPIRES_MS = 5_500;

/** Tells the others that we type: at most every 2 s, and when it stops. */
export function createTypingSender(tell: (isTyping: boolean) => void) {
  let toldAt: number | null = null;
  let idle: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(idle);
    if (toldAt !== null) tell(false);
    toldAt = null;
  };
  return {
    typed() {
      const now = monotonic();
      if (toldAt === null || now - toldAt >= REPEAT_MS) {
        toldAt = now;
        tell(true);
      }
      clearTimeout(idle);
      idle = setTimeout(stop, IDLE_MS);
    },
    stop,
    /** Forgets without a word: for after a send, which says it all, or when offline. */
    reset() {
      clearTimeout(idle);
      toldAt = null;
    },
  };
}

/** Who types, by socket; each ends by itself when the word that it ended got lost. */
export function createTypists(changed: (users: readonly UserId[]) => void) {
  const typists = new Map<SocketId, { userId: UserId; end: ReturnType<typeof setTimeout> }>();
  const report = () => changed([...new Set([...typists.values()].map((it) => it.userId))]);
  const remove = (socketId: SocketId) => {
    const typist = typists.get(socketId);
    if (!typist) return;
    clearTimeout(typist.end);
    typists.delete(socketId);
    report();
  };
  return {
    heard(socketId: SocketId, userId: UserId, isTyping: boolean) {
      if (!isTyping) {
        remove(socketId);
        return;
      }
      clearTimeout(typists.get(socketId)?.end);
      typists.set(socketId, { userId, end: setTimeout(() => remove(socketId), EXPIRES_MS) });
      report();
    },
    remove,
    /** Their message is there: whoever wrote it no longer types. */
    said(userId: UserId) {
      for (const [socketId, typist] of [...typists]) if (typist.userId === userId) remove(socketId);
    },
    clear() {
      for (const typist of typists.values()) clearTimeout(typist.end);
      if (typists.size === 0) return;
      typists.clear();
      report();
    },
  };
}

/** "Ann types…", in as many names as one can read. */
export function typingLabel(names: readonly string[]): string {
  const [first, second] = names.map(isolated);
  if (!first) return '';
  if (names.length === 1) return `${first} is typing…`;
  if (names.length === 2 && second) return `${first} and ${second} are typing…`;
  return 'Several people are typing…';
}
