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

/** A pause of sending, by the monotonic clock in milliseconds: by the server's rate limit, or by the room's slow mode. */
export interface SendPause {
  readonly since: number;
  readonly until: number;
  readonly why: 'tooFast' | 'slowMode';
}

interface SenderEvents {
  outboxChanged(box: outbox.Outbox): void;
  pauseChanged(pause: SendPause | null): void;
  stored(message: Message): void;
}

/** Sends the outbox: one message at a time, again after a retryable refusal. */
export function createOutboxSender(
  room: RoomConnection,
  store: outbox.OutboxStore,
  events: SenderEvents,
) {
  let box = store.load();
  let sendPause: SendPause | null = null;
  let sending = false;
  let pause: ReturnType<typeof setTimeout> | undefined;

  function update(next: outbox.Outbox) {
    if (next === box) return;
    box = next;
    store.save(box);
    events.outboxChanged(box);
    if (pause === undefined) release();
  }

  function setPause(next: SendPause | null) {
    if (next === sendPause) return;
    sendPause = next;
    events.pauseChanged(sendPause);
  }

  /** Short pauses follow each other at the rate limit: one notice covers all, until all is sent. */
  function release() {
    if (sendPause?.why !== 'tooFast' || !outbox.nextUnsent(box)) setPause(null);
  }

  /** The seconds between two messages of this person in slow mode; 0 for moderators. */
  function slowModeSec(): number {
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

  function wait(ms: number, why: SendPause['why']) {
    const since = monotonic();
    setPause({ since, until: since + ms, why });
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
      events.stored(message);
      // Also when the ack does not repeat the id.
      update(outbox.without(box, eventId));
      if (slowModeSec() > 0) wait(slowModeSec() * 1000, 'slowMode');
    } catch (error) {
      refused(item.eventId, error);
    }
    sending = false;
    void pump();
  }

  function refused(eventId: EventId, error: unknown) {
    if (!(error instanceof RequestError)) {
      update(outbox.failed(box, eventId, errorMessage(error)));
    } else if (error.code === 'rate_limited' && error.retryAfterMs) {
      wait(error.retryAfterMs, slowModeSec() > 0 ? 'slowMode' : 'tooFast');
    } else if (error.retryable || error.code === 'not_in_room') {
      // `not_in_room`: the join is under way.
      pauseFor(error.retryAfterMs ?? RETRY_MS);
    } else {
      update(outbox.failed(box, eventId, refusalMessage(error)));
    }
  }

  const stop = room.info.subscribe(() => {
    if (sendPause?.why === 'slowMode' && slowModeSec() === 0) goOn();
  });

  return {
    box: () => box,

    send(text: string, replyTo?: MessageId) {
      const item = { eventId: randomId(), text, at: Date.now() };
      update(outbox.put(box, replyTo === undefined ? item : { ...item, replyTo }));
      void pump();
    },
    retry(eventId: EventId) {
      update(outbox.requeued(box, eventId));
      void pump();
    },
    discard: (eventId: EventId) => update(outbox.without(box, eventId)),

    /** Drops what the server has stored. */
    confirm(messages: readonly Message[], me: string) {
      let next = box;
      for (const { eventId, senderId } of messages) {
        if (eventId && senderId === me) next = outbox.without(next, eventId);
      }
      update(next);
    },

    /** After a join: sends at once, unless the server asked for a pause. */
    resume() {
      if (!sendPause || pause === undefined) goOn();
    },

    dispose() {
      stop();
      clearTimeout(pause);
    },
  };
}

function refusalMessage(error: unknown): string {
  return errorMessage(error, {
    too_large: `Too long: a message has at most ${MAX_TEXT} characters.`,
    bad_request: 'The server did not take this message.',
    not_found: 'The message it answers is gone.',
    forbidden: 'You may not write here.',
  });
}

/** The text for a pause; none when it is over. */
export function sendPauseMessage(
  pause: SendPause,
  waiting: number,
  now: number,
): string | undefined {
  const seconds = Math.max(waiting > 0 ? 1 : 0, secondsLeft(pause.until - now));
  if (seconds <= 0) return undefined;
  if (waiting > 0) {
    const what = pause.why === 'slowMode' ? 'Slow mode.' : 'You are sending messages too fast.';
    return `${what} Yours goes out by itself in ${seconds} s.`;
  }
  return pause.why === 'slowMode'
    ? `Slow mode: you can write again in ${seconds} s.`
    : `You are sending messages too fast. Try again in ${seconds} s.`;
}
