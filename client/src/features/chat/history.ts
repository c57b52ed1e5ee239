import type { StoreApi } from 'zustand/vanilla';
import { errorMessage } from '../../connection';
import type { Message, MessagePage, RoomId } from '../../protocol';
import type { ChatState } from './chatState';
import * as timeline from './timeline';

/** Messages shown after the one that was jumped to. */
const AFTERMATH = 25;

interface Parts {
  store: StoreApi<ChatState>;
  roomId: RoomId;
  fetchPage: (roomId: RoomId, before: number) => Promise<MessagePage>;
  fetchAfter: (roomId: RoomId, after: number) => Promise<MessagePage>;
  show: (next: Partial<ChatState>) => void;
  tell: (words: string) => void;
}

/** Loads older messages: page by page upwards, or a window around one message. */
export function createHistory({ store, roomId, fetchPage, fetchAfter, show, tell }: Parts) {
  const get = store.getState;
  // A page asked for before a reset or a jump belongs to what we no longer show.
  let asking = 0;

  async function loadOlder(): Promise<void> {
    const { timeline: now, past, older } = get();
    const { before } = past ?? now;
    if (before === null || older === 'loading') return;
    const asked = asking;
    store.setState({ older: 'loading' });
    try {
      const page = await fetchPage(roomId, before);
      if (asked !== asking) return;
      const { past: there, timeline: live } = get();
      if (there) show({ older: 'idle', past: timeline.prepended(there, page) });
      else show({ older: 'idle', timeline: timeline.prepended(live, page) });
    } catch {
      if (asked === asking) store.setState({ older: 'failed' });
    }
  }

  function leavePast() {
    asking += 1;
    show({ past: null, older: 'idle' });
  }

  async function jumpTo({ id, seq }: Pick<Message, 'id' | 'seq'>): Promise<void> {
    const isIn = (of: timeline.Timeline | null) => of?.messages.some((it) => it.id === id) === true;
    if (get().past && !isIn(get().past) && isIn(get().timeline)) leavePast();
    if (!isIn(get().past ?? get().timeline)) {
      const asked = ++asking;
      store.setState({ older: 'loading' });
      try {
        const page = await fetchPage(roomId, seq + AFTERMATH);
        if (asked !== asking) return;
        show({ past: { messages: page.messages, before: page.next }, older: 'idle' });
      } catch (error) {
        if (asked === asking) store.setState({ older: 'idle' });
        tell(errorMessage(error));
        return;
      }
    }
    store.setState({ target: { id } });
  }

  /** Extends the window of older messages, until it meets the timeline. */
  async function loadLater(): Promise<void> {
    const last = get().past?.messages.at(-1);
    if (!last) return;
    const asked = asking;
    try {
      const page = await fetchAfter(roomId, last.seq);
      const { past, timeline: live } = get();
      if (asked !== asking || !past) return;
      const longer = timeline.added(past, page.messages);
      const first = live.messages[0]?.seq ?? Infinity;
      const meets = page.next === null || page.messages.some(({ seq }) => seq >= first);
      if (meets) show({ past: null, timeline: timeline.added(longer, live.messages) });
      else show({ past: longer });
    } catch (error) {
      tell(errorMessage(error));
    }
  }

  return {
    loadOlder,
    jumpTo,
    loadLater,
    leavePast,
    /** Drops the answers to requests under way. */
    forget: () => (asking += 1),
  };
}
