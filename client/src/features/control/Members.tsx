import { useCallback, useEffect, useState } from 'react';
import { MoreHorizontal } from 'lucide-react';
import { useStore } from 'zustand';
import { api } from '../../connection';
import type { RoomMember } from '../../protocol';
import { Avatar, Button, isolated, Menu, Notice } from '../../ui';
import type { Control } from './control';
import { ModerationItems, useMayAct, type Question } from './ModerationItems';
import { roleNames } from './permission';
import { QuestionDialog } from './QuestionDialog';
import styles from './SettingsDialog.module.css';
import { usePages } from './usePages';

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/** Everyone who belongs to the room, here or not. */
export function Members({ control }: { control: Control }) {
  const load = useCallback(
    async (after?: string) => {
      const { members, next } = await api.members(control.roomId, after);
      return { items: members, next };
    },
    [control.roomId],
  );
  const { items, problem, isMore, more, again } = usePages(load);
  const room = useStore(control.roomInfo, (state) => state.room);
  // A role has changed, perhaps by what was chosen here.
  useEffect(() => again(), [room, again]);

  return (
    <>
      {problem && <Notice kind="wrong">{problem}</Notice>}
      {!items && !problem && <p role="status">One moment…</p>}
      <ul className={styles.list} aria-label="Members">
        {items?.map((member) => (
          <Row key={member.userId} control={control} member={member} />
        ))}
      </ul>
      {isMore && (
        <div className={styles.more}>
          <Button look="quiet" onClick={more}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

function Row({ control, member }: { control: Control; member: RoomMember }) {
  const [question, setQuestion] = useState<Question>();
  const mayAct = useMayAct(control, member);
  return (
    <li className={styles.row}>
      <Avatar name={member.name} seed={member.userId} size={36} />
      <span className={styles.words}>
        <bdi>{member.name}</bdi>
        <small>
          {roleNames[member.role]} since {day.format(member.joinedAt)}
        </small>
      </span>
      {mayAct && (
        <Menu
          label={`${isolated(member.name)}: actions`}
          face={<MoreHorizontal size={18} aria-hidden />}
          narrow
        >
          {(close) => (
            <ModerationItems
              control={control}
              person={member}
              close={close}
              onAsk={(it) => setQuestion(it)}
            />
          )}
        </Menu>
      )}
      {question && (
        <QuestionDialog
          control={control}
          person={member}
          question={question}
          onClose={() => setQuestion(undefined)}
        />
      )}
    </li>
  );
}
