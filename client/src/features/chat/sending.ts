import {
  isModerator,
  errorMessage,
  monotonic,
  randomId,
  RequestError,
  secondsLeft,
  type RoomConnection,
} from '../../connection';
import type { EventId, Message, MessageId } from '../../protocol';
import * as outbox from './outbox';

export const MAX_TEXT = 4000;
const RETRY_MS = 1_500;

/** Until when of the monotonic clock nothing is sent, and why: too fast by the server's measure, or by the room's. */
export interface Held {
  readonly since: number;
  readonly until: number;
  readonly why: 'tooFast' | 'slowMode';
}

interface Told {
  box(box: outbox.Outbox): void;
  held(held: Held | null): void;
  stored(message: Message): void;
}

/** Empties the outbox: one message at a time, again after a refusal that passes. */
export function createSending(room: RoomConnection, store: outbox.OutboxStore, told: Told) {
  let box = store.load();
  let held: Held | null = null;
  let sending = false;
  let pause: ReturnType<typeof setTimeout> | undefined;

  function keep(next: outbox.Outbox) {
    if (next === box) return;
    box = next;
    store.save(box);
    told.box(box);
    if (pause === undefined) release();
  }

  function hold(next: Held | null) {
    if (next === held) return;
    held = next;
    told.held(held);
  }

  /** A short wait follows the other while one writes too fast: one note for all, till all is sent. */
  function release() {
    if (held?.why !== 'tooFast' || !outbox.nextUnsent(box)) hold(null);
  }

  /** Seconds that the room makes this person wait between two messages. */
  function slowness(): number {
    const { room: its, you } = room.info.getState();
    return isModerator(you?.role) ? 0 : (its?.settings.slowModeSec ?? 0);
  }

  function pauseFor(ms: number) {
    clearTimeout(pause);
    pause = setTimeout(goOn, ms);
  }

  function goOn() {
    clearTimeout(pause);
    pause = undefined;
    release();
    void pump();
  }

  function wait(ms: number, why: Held['why']) {
    const since = monotonic();
    hold({ since, until: since + ms, why });
    pauseFor(ms);
  }

  async function pump(): Promise<void> {
    if (sending || pause !== undefined || room.status.getState().status !== 'online') return;
    const item = outbox.nextUnsent(box);
    if (!item) return;
    sending = true;
    try {
      const { text, eventId, replyTo } = item;
      const { message } = await room.request('chat:message', {
        roomId: room.roomId,
        text,
        eventId,
        ...(replyTo === undefined ? {} : { replyTo }),
      });
      told.stored(message);
      // Also when the ack does not repeat the id.
      keep(outbox.without(box, eventId));
      if (slowness() > 0) wait(slowness() * 1000, 'slowMode');
    } catch (error) {
      refused(item.eventId, error);
    }
    sending = false;
    void pump();
  }

  function refused(eventId: EventId, error: unknown) {
    if (!(error instanceof RequestError)) {
      keep(outbox.failed(box, eventId, errorMessage(error)));
    } else if (error.code === 'rate_limited' && error.retryAfterMs) {
      wait(error.retryAfterMs, slowness() > 0 ? 'slowMode' : 'tooFast');
    } else if (error.retryable || error.code === 'not_in_room') {
      // `not_in_room`: the join is under way.
      pauseFor(error.retryAfterMs ?? RETRY_MS);
    } else {
      keep(outbox.failed(box, eventId, refusalInWords(error)));
    }
  }

  const stop = room.info.subscribe(() => {
    if (held?.why === 'slowMode' && slowness() === 0) goOn();
  });

  return {
    box: () => box,

    say(text: string, replyTo?: MessageId) {
      const item = { eventId: randomId(), text, at: Date.now() };
      keep(outbox.put(box, replyTo === undefined ? item : { ...item, replyTo }));
      void pump();
    },
    retry(eventId: EventId) {
      keep(outbox.revived(box, eventId));
      void pump();
    },
    discard: (eventId: EventId) => keep(outbox.without(box, eventId)),

    /** What the server has is no longer ours to send. */
    confirm(messages: readonly Message[], me: string) {
      let next = box;
      for (const { eventId, senderId } of messages) {
        if (eventId && senderId === me) next = outbox.without(next, eventId);
      }
      keep(next);
    },

    /** After a join: nothing but the server's own wish holds it back. */
    resume() {
      if (!held || pause === undefined) goOn();
    },

    dispose() {
      stop();
      clearTimeout(pause);
    },
  };
}

function refusalInWords(error: unknown): string {
  return errorMessage(error, {
    too_large: `Too long: a message has at most ${MAX_TEXT} characters.`,
    bad_request: 'The server did not take this message.',
    not_found: 'The message it answers is gone.',
    forbidden: 'You may not write here.',
  });
}

/** What to say at the field while nothing is sent; none when that is over. */
export function heldInWords(held: Held, waiting: number, now: number): string | undefined {
  const seconds = Math.max(waiting > 0 ? 1 : 0, secondsLeft(held.until - now));
  if (seconds <= 0) return undefined;
  if (waiting > 0) {
    const what = held.why === 'slowMode' ? 'Slow mode.' : 'You are sending messages too fast.';
    return `${what} Yours goes out by itself in ${seconds} s.`;
  }
  return held.why === 'slowMode'
    ? `Slow mode: you can write again in ${seconds} s.`
    : `You are sending messages too fast. Try again in ${seconds} s.`;
}
