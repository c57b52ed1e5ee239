import { monotonic } from '../../connection';
import type { SocketId, UserId } from '../../protocol';
import { isolated } from '../../ui';

const REPEAT_MS = 2_000;
const IDLE_MS = 4_000;
/** The server's own bound (SPEC 5.4), and a little for the way. */
const EXPIRES_MS = 5_500;

/** Sends the typing indicator: at most every 2 s, and when typing stops. */
export function createTypingSender(tell: (isTyping: boolean) => void) {
  let toldAt: number | null = null;
  let idle: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(idle);
    if (toldAt !== null) tell(false);
    toldAt = null;
  };
  return {
    keystroke() {
      const now = monotonic();
      if (toldAt === null || now - toldAt >= REPEAT_MS) {
        toldAt = now;
        tell(true);
      }
      clearTimeout(idle);
      idle = setTimeout(stop, IDLE_MS);
    },
    stop,
    /** Stops without sending: after a message, which implies it, or when offline. */
    reset() {
      clearTimeout(idle);
      toldAt = null;
    },
  };
}

/** Who is typing, by socket; each expires by itself if the event of its end was lost. */
export function createTypingUsers(changed: (users: readonly UserId[]) => void) {
  const typing = new Map<SocketId, { userId: UserId; end: ReturnType<typeof setTimeout> }>();
  const report = () => changed([...new Set([...typing.values()].map((it) => it.userId))]);
  const remove = (socketId: SocketId) => {
    const typist = typing.get(socketId);
    if (!typist) return;
    clearTimeout(typist.end);
    typing.delete(socketId);
    report();
  };
  return {
    typingChanged(socketId: SocketId, userId: UserId, isTyping: boolean) {
      if (!isTyping) {
        remove(socketId);
        return;
      }
      clearTimeout(typing.get(socketId)?.end);
      typing.set(socketId, { userId, end: setTimeout(() => remove(socketId), EXPIRES_MS) });
      report();
    },
    remove,
    /** A message has arrived: its sender no longer types. */
    messageArrived(userId: UserId) {
      for (const [socketId, typist] of [...typing]) if (typist.userId === userId) remove(socketId);
    },
    clear() {
      for (const typist of typing.values()) clearTimeout(typist.end);
      if (typing.size === 0) return;
      typing.clear();
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
