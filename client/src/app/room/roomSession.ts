import type { StoreApi } from 'zustand/vanilla';
import { createRoom, type Room } from '../../connection';
import { refreshProfile } from '../../features/auth';
import { createBoard, type Board } from '../../features/board';
import { createCall, type Call, type LocalMedia } from '../../features/call';
import { createChat, type Chat } from '../../features/chat';
import { createControl, type Control } from '../../features/control';
import { createFiles, createPictures, type Files } from '../../features/files';
import { createPresence, type Presence } from '../../features/presence';
import { createMembers, type Members } from '../../features/rooms';
import { createTasks, type Tasks } from '../../features/tasks';
import { createTimer, type Timer } from '../../features/timer';
import type { RoomId, UserId, UserProfile } from '../../protocol';
import { joinStateOf, type JoinState } from './joinState';
import { createToasts, type Toasts } from './toasts';
import { followOwnDevices } from './ownDevices';

/** One person in one room: the connection, and every feature that uses it. */
export interface RoomSession {
  readonly room: Room;
  readonly joinState: StoreApi<JoinState>;
  readonly toasts: Toasts;
  readonly chat: Chat;
  readonly presence: Presence;
  readonly members: Members;
  readonly board: Board;
  readonly call: Call;
  readonly timer: Timer;
  readonly tasks: Tasks;
  readonly files: Files;
  readonly control: Control;
  /** Joins again under a changed name or picture. */
  updateProfile(user: Pick<UserProfile, 'name' | 'avatarUrl'>): void;
  /** Leaves the room and disposes of every feature; final. */
  end(): void;
}

export function startRoomSession(it: {
  roomId: RoomId;
  me: { userId: UserId; name: string };
  media: LocalMedia;
}): RoomSession {
  const room = createRoom(it.roomId, it.me.name);
  const toasts = createToasts();
  const tell = (words: string) => toasts.show(words);
  // All features listen before the room is entered.
  const presence = createPresence(room);
  const members = createMembers(room);
  const chat = createChat(room, it.me, { tell });
  const call = createCall(room, it.media, { tell });
  const timer = createTimer(room, { tell, quiet: (on) => call.suspendMic(on) });
  const tasks = createTasks(room, it.me);
  const files = createFiles(room, it.me, tell);
  const pictures = createPictures(files);
  const { uploads } = files;
  const board = createBoard(room, it.me, {
    tell,
    pictures: {
      ...pictures,
      share: (given) => uploads.add(given),
      uploads: uploads.store,
      retry: (id) => uploads.retry(id),
      cancel: (id) => uploads.cancel(id),
    },
  });
  const control = createControl(room, tell);
  const stopOwnDevices = followOwnDevices(
    presence.store,
    it.me.userId,
    () => void refreshProfile(),
  );
  room.enter();
  let profile: Pick<UserProfile, 'name' | 'avatarUrl'> | undefined;
  return {
    room,
    joinState: joinStateOf(room),
    toasts,
    chat,
    presence,
    members,
    board,
    call,
    timer,
    tasks,
    files,
    control,
    updateProfile(user) {
      const was = profile;
      profile = user;
      if (!was || (was.name === user.name && was.avatarUrl === user.avatarUrl)) return;
      if (it.me.name === was.name) it.me.name = user.name;
      room.rejoinAs(it.me.name);
    },
    end() {
      stopOwnDevices();
      // The features first, while their last messages can still be sent.
      for (const feature of [
        timer,
        tasks,
        board,
        pictures,
        files,
        control,
        chat,
        members,
        presence,
        toasts,
      ]) {
        feature.dispose();
      }
      call.leave();
      room.leave();
    },
  };
}
