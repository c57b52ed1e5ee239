import { useState } from 'react';
import {
  ArrowDown,
  ArrowUp,
  Check,
  CircleDashed,
  MoreHorizontal,
  Pencil,
  Trash2,
} from 'lucide-react';
import type { OnlineUser, Task } from '../../protocol';
import {
  Avatar,
  Button,
  isolated,
  keyOf,
  Menu,
  menuDangerClass,
  menuItemClass,
  Notice,
} from '../../ui';
import { nextStatus, statusNames } from './list';
import type { Tasks } from './tasks';
import { useDraft } from './useDraft';
import styles from './TasksPanel.module.css';

const NO_ONE = '';

export function TaskRow({
  task,
  tasks,
  people,
  first,
  last,
}: {
  task: Task;
  tasks: Tasks;
  people: readonly OnlineUser[];
  first: boolean;
  last: boolean;
}) {
  const draftName = `task.${task.id}`;
  const [renaming, setRenaming] = useState(() => tasks.drafts.read(draftName) !== null);
  const assignee = people.find((person) => person.userId === task.assigneeId);

  return (
    <li className={styles.task} data-status={task.status}>
      <button
        type="button"
        className={styles.status}
        aria-label={`${isolated(task.title)}: ${statusNames[task.status]}. Make it ${statusNames[nextStatus[task.status]].toLowerCase()}`}
        title={`${statusNames[task.status]}. Click: ${statusNames[nextStatus[task.status]].toLowerCase()}`}
        onClick={() => void tasks.change(task.id, { status: nextStatus[task.status] })}
      >
        {task.status === 'done' && <Check size={15} strokeWidth={3} aria-hidden />}
        {task.status === 'doing' && <CircleDashed size={15} strokeWidth={2.5} aria-hidden />}
      </button>
      {renaming ? (
        <Rename task={task} tasks={tasks} onDone={() => setRenaming(false)} />
      ) : (
        <span className={styles.title} onDoubleClick={() => setRenaming(true)}>
          <bdi>{task.title}</bdi>
          {task.status === 'doing' && <small>Under way</small>}
        </span>
      )}
      {task.assigneeId !== undefined && (
        <span className={styles.assignee} title={assignee?.name ?? 'Someone who is gone'}>
          <Avatar name={assignee?.name ?? '?'} seed={task.assigneeId} size={24} />
          <span className="visually-hidden">
            for <bdi>{assignee?.name ?? 'someone who is gone'}</bdi>
          </span>
        </span>
      )}
      <Menu
        label={`Task ${isolated(task.title)}: actions`}
        face={<MoreHorizontal size={18} aria-hidden />}
        className={styles.more}
        narrow
      >
        {(close) => (
          <>
            <label className={styles.assign}>
              For
              <select
                aria-label="Assigned to"
                value={task.assigneeId ?? NO_ONE}
                onChange={(event) => {
                  close();
                  const assigneeId = event.target.value === NO_ONE ? null : event.target.value;
                  void tasks.change(task.id, { assigneeId });
                }}
              >
                <option value={NO_ONE}>no one</option>
                {task.assigneeId !== undefined && !assignee && (
                  <option value={task.assigneeId}>someone who is gone</option>
                )}
                {people.map((person) => (
                  <option key={person.userId} value={person.userId} dir="auto">
                    {person.name}
                  </option>
                ))}
              </select>
            </label>
            <button
              type="button"
              className={menuItemClass}
              onClick={() => {
                close();
                setRenaming(true);
              }}
            >
              <Pencil size={17} aria-hidden /> Rename
            </button>
            <button
              type="button"
              className={menuItemClass}
              disabled={first}
              onClick={() => tasks.move(task.id, 'up')}
            >
              <ArrowUp size={17} aria-hidden /> Move up
            </button>
            <button
              type="button"
              className={menuItemClass}
              disabled={last}
              onClick={() => tasks.move(task.id, 'down')}
            >
              <ArrowDown size={17} aria-hidden /> Move down
            </button>
            <button
              type="button"
              className={menuDangerClass}
              onClick={() => {
                close();
                tasks.remove(task.id);
              }}
            >
              <Trash2 size={17} aria-hidden /> Delete
            </button>
          </>
        )}
      </Menu>
    </li>
  );
}

/** Enter keeps it, and so does leaving the field; Escape does not. */
function Rename({ task, tasks, onDone }: { task: Task; tasks: Tasks; onDone: () => void }) {
  const [draft, setDraft] = useDraft(tasks.drafts, `task.${task.id}`);
  /** What it said when this person last saw it here. */
  const [base, setBase] = useState(task.title);
  const [busy, setBusy] = useState(false);
  const title = draft ?? task.title;
  const changed = draft !== null && task.title !== base && title.trim() !== task.title && !busy;
  const done = () => {
    setDraft(null);
    onDone();
  };
  const save = async () => {
    if (changed || busy) return;
    const wanted = title.trim();
    if (wanted === '' || wanted === task.title) done();
    else {
      setBusy(true);
      if (await tasks.change(task.id, { title: wanted })) done();
      setBusy(false);
    }
  };
  return (
    <form
      className={styles.rename}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <input
        // Chosen a moment ago, so the focus is expected here; not when a new load brought it back.
        autoFocus={draft === null}
        dir="auto"
        value={title}
        maxLength={200}
        aria-label="New title"
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => void save()}
        onKeyDown={(event) => {
          if (keyOf(event) !== 'Escape') return;
          event.stopPropagation();
          done();
        }}
      />
      {changed && (
        <Notice kind="wrong">
          It was changed meanwhile, to “<bdi>{task.title}</bdi>”.{' '}
          <Button look="quiet" onClick={done}>
            Take that
          </Button>
          <Button look="quiet" onClick={() => setBase(task.title)}>
            Go on with mine
          </Button>
        </Notice>
      )}
    </form>
  );
}
