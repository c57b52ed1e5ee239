import { useState } from 'react';
import { MessageCircle, MoreHorizontal } from 'lucide-react';
import { useLocation } from 'wouter';
import { useStore } from 'zustand';
import { errorMessage } from '../../connection';
import {
  ModerationItems,
  QuestionDialog,
  useMayAct,
  type Person,
  type Question,
} from '../../features/control';
import { startDirect } from '../../features/rooms';
import { isolated, Menu, menuItemClass } from '../../ui';
import type { RoomSession } from './roomSession';

/** What one can do with someone: write to them alone, and what moderators may. */
export function PersonMenu({
  roomSession,
  person,
  guest,
}: {
  roomSession: RoomSession;
  person: Person;
  /** Whether oneself is one: guests belong to this room only. */
  guest: boolean;
}) {
  const [question, setQuestion] = useState<Question>();
  const [, go] = useLocation();
  const you = useStore(roomSession.room.info, (state) => state.you?.userId);
  const direct = useStore(roomSession.room.info, (state) => state.room?.kind === 'direct');
  const mayAct = useMayAct(roomSession.control, person);
  const mayWrite = !direct && !guest && person.role !== 'guest';
  if (person.userId === you || (!mayWrite && !mayAct)) return null;

  return (
    <>
      <Menu
        label={`${isolated(person.name)}: actions`}
        face={<MoreHorizontal size={18} aria-hidden />}
        narrow
      >
        {(close) => (
          <>
            {mayWrite && (
              <button
                type="button"
                className={menuItemClass}
                onClick={() => {
                  close();
                  startDirect(person.userId).then(go, (error: unknown) =>
                    roomSession.toasts.show(errorMessage(error)),
                  );
                }}
              >
                <MessageCircle size={17} aria-hidden /> Direct message
              </button>
            )}
            {mayAct && (
              <ModerationItems
                control={roomSession.control}
                person={person}
                close={close}
                onAsk={setQuestion}
              />
            )}
          </>
        )}
      </Menu>
      {question && (
        <QuestionDialog
          control={roomSession.control}
          person={person}
          question={question}
          onClose={() => setQuestion(undefined)}
        />
      )}
    </>
  );
}
