import { useCallback, useEffect, useMemo } from 'react';
import { X } from 'lucide-react';
import { useStore } from 'zustand';
import { isModerator } from '../../connection';
import { AttachmentView, ChatPanel, SenderBadgesContext } from '../../features/chat';
import { RemoveGuests } from '../../features/control';
import { AttachButtons, AttachedFile, DropZone, FileList, Uploads } from '../../features/files';
import { ParticipantList } from '../../features/presence';
import { TasksPanel } from '../../features/tasks';
import type { Attachment } from '../../protocol';
import { IconButton, TabPanel, Tabs, type Tab } from '../../ui';
import { everyoneKnown, senderBadgesOf } from './people';
import { PersonMenu } from './PersonMenu';
import styles from './SidePanel.module.css';
import type { RoomSession } from './roomSession';

export type PanelTab = 'chat' | 'tasks' | 'files' | 'participants';

const PREFIX = 'side';

export function SidePanel({
  roomSession,
  guest,
  open,
  tab,
  onTab,
  onInsert,
  onClose,
}: {
  roomSession: RoomSession;
  guest: boolean;
  open: boolean;
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  /** Puts a picture on the board; none for who may not draw there. */
  onInsert?: ((file: Attachment) => void) | undefined;
  onClose?: (() => void) | undefined;
}) {
  const unread = useStore(roomSession.chat.store, (state) => state.unread);
  const participants = useStore(roomSession.presence.store, (state) => state.participants);
  const members = useStore(roomSession.members.store, (state) => state.members);
  const people = useMemo(() => everyoneKnown(participants, members), [participants, members]);
  const senders = useMemo(() => senderBadgesOf(participants, members), [participants, members]);
  const openTasks = useStore(
    roomSession.tasks.store,
    (state) => state.tasks.filter((task) => task.status !== 'done').length,
  );
  const files = useStore(roomSession.files.store, (state) => state.files.length);
  const you = useStore(roomSession.room.info, (state) => state.you);
  const view = useCallback(
    (file: Attachment) => (
      <AttachedFile file={file} files={roomSession.files} onInsert={onInsert} />
    ),
    [roomSession.files, onInsert],
  );

  // Covering the room, it takes the focus: the rest is inert.
  const covers = open && onClose !== undefined;
  useEffect(() => {
    if (covers) document.getElementById(`${PREFIX}-tab-${tab}`)?.focus();
    // Only when it opens, not when the tab changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [covers]);

  const tabs: Tab<PanelTab>[] = [
    { id: 'chat', label: 'Chat', count: unread, countOf: 'unread', loud: true },
    { id: 'tasks', label: 'Tasks', count: openTasks, countOf: 'to do' },
    { id: 'files', label: 'Files', count: files },
    { id: 'participants', label: 'Participants', count: participants.length, countOf: 'here' },
  ];
  return (
    <aside className={styles.panel} hidden={!open} aria-label="Side panel">
      <div className={styles.head}>
        <Tabs label="Side panel" tabs={tabs} chosen={tab} onChoose={onTab} idPrefix={PREFIX} />
        {onClose && (
          <IconButton label="Back to the room" onClick={onClose}>
            <X size={21} aria-hidden />
          </IconButton>
        )}
      </div>
      <TabPanel id="chat" chosen={tab} idPrefix={PREFIX} className={styles.fill}>
        <SenderBadgesContext value={senders}>
          <AttachmentView value={view}>
            <DropZone files={roomSession.files}>
              <ChatPanel
                chat={roomSession.chat}
                visible={open && tab === 'chat'}
                nameOf={(userId) => people.find((it) => it.userId === userId)?.name ?? 'Someone'}
                attach={<AttachButtons files={roomSession.files} />}
              >
                <Uploads files={roomSession.files} />
              </ChatPanel>
            </DropZone>
          </AttachmentView>
        </SenderBadgesContext>
      </TabPanel>
      <TabPanel id="tasks" chosen={tab} idPrefix={PREFIX} className={styles.scroll}>
        <TasksPanel tasks={roomSession.tasks} people={people} />
      </TabPanel>
      <TabPanel id="files" chosen={tab} idPrefix={PREFIX} className={styles.scroll}>
        <DropZone files={roomSession.files}>
          <FileList
            files={roomSession.files}
            me={roomSession.chat.me.userId}
            moderates={isModerator(you?.role)}
            onInsert={onInsert}
          />
        </DropZone>
      </TabPanel>
      <TabPanel id="participants" chosen={tab} idPrefix={PREFIX} className={styles.scroll}>
        <RemoveGuests
          control={roomSession.control}
          guests={
            new Set(participants.filter((it) => it.role === 'guest').map((it) => it.userId)).size
          }
        />
        <ParticipantList
          presence={roomSession.presence}
          members={members}
          menu={(person) => <PersonMenu roomSession={roomSession} person={person} guest={guest} />}
        />
      </TabPanel>
    </aside>
  );
}
