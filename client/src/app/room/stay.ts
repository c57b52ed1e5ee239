import type { StoreApi } from 'zustand/vanilla';
import { createRoom, type Room } from '../../connection';
import { createBoard, type Board } from '../../features/board';
import { createCall, type Call, type LocalMedia } from '../../features/call';
import { createChat, type Chat } from '../../features/chat';
import { createPresence, type Presence } from '../../features/presence';
import type { RoomId, UserId } from '../../protocol';
import { doorOf, type Door } from './door';

/** Being in a room: the connection, and every feature that lives on it. */
export interface Stay {
  readonly room: Room;
  readonly door: StoreApi<Door>;
  readonly chat: Chat;
  readonly presence: Presence;
  readonly board: Board;
  readonly call: Call;
  /** Final: the others see us go, and nothing is left behind. */
  end(): void;
}

export function beginStay(it: {
  roomId: RoomId;
  me: { userId: UserId; name: string };
  media: LocalMedia;
}): Stay {
  const room = createRoom(it.roomId, it.me.name);
  // All of them listen before the room is entered.
  const presence = createPresence(room);
  const chat = createChat(room, it.me);
  const board = createBoard(room, it.me);
  const call = createCall(room, it.media);
  room.enter();
  return {
    room,
    door: doorOf(room),
    chat,
    presence,
    board,
    call,
    end() {
      // The features first, while their last words can still be sent.
      call.leave();
      board.dispose();
      chat.dispose();
      presence.dispose();
      room.leave();
    },
  };
}
