import { useId, useState } from 'react';
import { ListChecks, Plus } from 'lucide-react';
import { useStore } from 'zustand';
import type { OnlineUser } from '../../protocol';
import { Button, Notice } from '../../ui';
import { TaskRow } from './TaskRow';
import type { Tasks } from './tasks';
import { useDraft } from './useDraft';
import styles from './TasksPanel.module.css';

/** What the room wants to get done. `people` may be given a task. */
export function TasksPanel({ tasks, people }: { tasks: Tasks; people: readonly OnlineUser[] }) {
  const { tasks: list, problem } = useStore(tasks.store);
  const done = list.filter((task) => task.status === 'done').length;
  return (
    <section className={styles.panel} aria-label="Tasks">
      <NewTask tasks={tasks} />
      {problem && <Notice kind="wrong">{problem}</Notice>}
      {list.length === 0 ? (
        <div className={styles.empty}>
          <ListChecks size={30} strokeWidth={1.5} aria-hidden />
          <p>Nothing to do yet.</p>
          <p>Write down what you want to get through together.</p>
        </div>
      ) : (
        <>
          <p className={styles.count}>
            {done} of {list.length} done
          </p>
          <ul className={styles.list}>
            {list.map((task, at) => (
              <TaskRow
                key={task.id}
                task={task}
                tasks={tasks}
                people={people}
                first={at === 0}
                last={at === list.length - 1}
              />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function NewTask({ tasks }: { tasks: Tasks }) {
  const [draft, setDraft] = useDraft(tasks.drafts, 'task');
  const title = draft ?? '';
  const [busy, setBusy] = useState(false);
  const id = useId();
  const add = async () => {
    if (title.trim() === '' || busy) return;
    setBusy(true);
    if (await tasks.add(title.trim())) setDraft(null);
    setBusy(false);
  };
  return (
    <form
      className={styles.add}
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <label className="visually-hidden" htmlFor={id}>
        New task
      </label>
      <input
        id={id}
        dir="auto"
        value={title}
        maxLength={200}
        placeholder="New task"
        autoComplete="off"
        enterKeyHint="done"
        onChange={(event) => setDraft(event.target.value === '' ? null : event.target.value)}
      />
      <Button type="submit" busy={busy} disabled={busy || title.trim() === ''}>
        <Plus size={18} aria-hidden /> Add
      </Button>
    </form>
  );
}
