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
import { doorOf, type Door } from './door';
import { createNews, type News } from './news';
import { followOwnDevices } from './ownDevices';

/** Being in a room: the connection, and every feature that lives on it. */
export interface Stay {
  readonly room: Room;
  readonly door: StoreApi<Door>;
  readonly news: News;
  readonly chat: Chat;
  readonly presence: Presence;
  readonly members: Members;
  readonly board: Board;
  readonly call: Call;
  readonly timer: Timer;
  readonly tasks: Tasks;
  readonly files: Files;
  readonly control: Control;
  /** Takes over a new name or picture of oneself. */
  follow(user: Pick<UserProfile, 'name' | 'avatarUrl'>): void;
  /** Final: the others see us go, and nothing is left behind. */
  end(): void;
}

export function beginStay(it: {
  roomId: RoomId;
  me: { userId: UserId; name: string };
  media: LocalMedia;
}): Stay {
  const room = createRoom(it.roomId, it.me.name);
  const news = createNews();
  const tell = (words: string) => news.tell(words);
  // All of them listen before the room is entered.
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
    door: doorOf(room),
    news,
    chat,
    presence,
    members,
    board,
    call,
    timer,
    tasks,
    files,
    control,
    follow(user) {
      const was = profile;
      profile = user;
      if (!was || (was.name === user.name && was.avatarUrl === user.avatarUrl)) return;
      if (it.me.name === was.name) it.me.name = user.name;
      room.rejoinAs(it.me.name);
    },
    end() {
      stopOwnDevices();
      // The features first, while their last words can still be sent.
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
        news,
      ]) {
        feature.dispose();
      }
      call.leave();
      room.leave();
    },
  };
}
