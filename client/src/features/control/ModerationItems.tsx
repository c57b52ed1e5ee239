import type { ReactNode } from 'react';
import {
  Ban,
  Crown,
  DoorOpen,
  Mic,
  MicOff,
  MonitorX,
  ShieldCheck,
  ShieldOff,
  Video,
  VideoOff,
} from 'lucide-react';
import { useStore } from 'zustand';
import type { MediaKind, Participant, Role, SocketId, UserId } from '../../protocol';
import { menuDangerClass, menuItemClass } from '../../ui';
import type { Control } from './control';
import { mayModerate, mayRank } from './permission';

/** Someone in the room, or a member who is not there: without a socket. */
export interface Person {
  userId: UserId;
  name: string;
  role: Role;
  socketId?: SocketId | undefined;
  media?: Participant['media'] | undefined;
  muted?: readonly MediaKind[] | undefined;
}

/** What needs a question before it is done. */
export type Question = 'kick' | 'ban' | 'handOver';

/** Whether there is anything to offer. */
export const useMayAct = (control: Control, person: Person): boolean =>
  useStore(
    control.roomInfo,
    ({ you, room }) => mayModerate(you, room, person) || mayRank(you, room, person),
  );

/** The part of a person's menu that moderators see. */
export function ModerationItems({
  control,
  person,
  close,
  onAsk,
}: {
  control: Control;
  person: Person;
  close: () => void;
  onAsk: (question: Question) => void;
}) {
  const { you, room } = useStore(control.roomInfo);
  const moderate = mayModerate(you, room, person);
  const rank = mayRank(you, room, person);
  const { socketId, muted = [], media } = person;

  const item = (icon: ReactNode, words: string, work: () => void, danger = false) => (
    <button
      type="button"
      className={danger ? menuDangerClass : menuItemClass}
      onClick={() => {
        close();
        work();
      }}
    >
      {icon} {words}
    </button>
  );
  const mute = (kind: MediaKind, on: boolean) => () => {
    if (socketId !== undefined) control.mute(socketId, kind, on);
  };

  return (
    <>
      {moderate && socketId !== undefined && (
        <>
          {muted.includes('audio')
            ? item(<Mic size={17} aria-hidden />, 'Allow microphone', mute('audio', false))
            : item(<MicOff size={17} aria-hidden />, 'Mute microphone', mute('audio', true))}
          {muted.includes('video')
            ? item(<Video size={17} aria-hidden />, 'Allow camera', mute('video', false))
            : item(<VideoOff size={17} aria-hidden />, 'Stop camera', mute('video', true))}
          {muted.includes('screen')
            ? item(<MonitorX size={17} aria-hidden />, 'Allow screen', mute('screen', false))
            : media?.screen &&
              item(<MonitorX size={17} aria-hidden />, 'Stop screen', mute('screen', true))}
        </>
      )}
      {rank &&
        person.role === 'member' &&
        item(<ShieldCheck size={17} aria-hidden />, 'Make moderator', () =>
          control.setRole(person.userId, 'mod'),
        )}
      {rank &&
        person.role === 'mod' &&
        item(<ShieldOff size={17} aria-hidden />, 'Make member', () =>
          control.setRole(person.userId, 'member'),
        )}
      {rank &&
        item(<Crown size={17} aria-hidden />, 'Hand the room over…', () => onAsk('handOver'))}
      {moderate && (
        <>
          {item(<DoorOpen size={17} aria-hidden />, 'Remove…', () => onAsk('kick'), true)}
          {item(<Ban size={17} aria-hidden />, 'Ban…', () => onAsk('ban'), true)}
        </>
      )}
    </>
  );
}
