import { useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { OtherUserBanner } from '../../features/auth';
import { BoardView } from '../../features/board';
import { CallControls, CallGrid } from '../../features/call';
import { WaitingBanner } from '../../features/control';
import type { Attachment, RoomPreview, UserProfile } from '../../protocol';
import { usePageTitle } from '../pageTitle';
import { ConnectionBanner } from './ConnectionBanner';
import { ToastList } from './ToastList';
import styles from './RoomShell.module.css';
import { RoomToggles } from './RoomToggles';
import { SidePanel, type PanelTab } from './SidePanel';
import type { RoomSession } from './roomSession';
import { TopBar } from './TopBar';
import { useLeaveConfirmation } from './useLeaveConfirmation';
import { useNarrowScreen } from './useNarrowScreen';
import { useReturnFocus } from './useReturnFocus';
import { isolated, keyOf, useKeptFocus } from '../../ui';

/** The joined room. Wide: call or board with the side panel; narrow: one covers the other. */
export function RoomShell({
  roomSession,
  preview,
  title: givenTitle,
  user,
  onLeave,
}: {
  roomSession: RoomSession;
  preview: RoomPreview;
  /** Of a direct room the other one's name. */
  title: string;
  user: UserProfile;
  onLeave: () => void;
}) {
  const narrow = useNarrowScreen();
  const [wideOpen, setWideOpen] = useState(true);
  const [sheetOpen, setSheetOpen] = useState(false);
  const [tab, setTab] = useState<PanelTab>('chat');
  const [boardOpen, setBoardOpen] = useState(false);
  const unread = useStore(roomSession.chat.store, (state) => state.unread);
  const news = useStore(roomSession.presence.store, (state) => state.announcement);
  const room = useStore(roomSession.room.info, (state) => state.room);
  const title = room && room.kind !== 'direct' ? room.title : givenTitle;
  usePageTitle(unread > 0 ? `(${unread}) ${isolated(title)}` : title);

  const { leaveBy, question } = useLeaveConfirmation(roomSession.files);

  const panelOpen = narrow ? sheetOpen : wideOpen;
  const sheetCovers = narrow && sheetOpen;
  const boardCovers = narrow && boardOpen;

  const covered = sheetCovers || boardCovers;
  const rememberFocus = useReturnFocus(covered);

  const show = (what: PanelTab) => {
    rememberFocus();
    setTab(what);
    if (narrow) setSheetOpen(true);
    else setWideOpen(true);
  };

  useEffect(() => {
    if (!sheetCovers) return;
    const onKey = (event: KeyboardEvent) => {
      // What stands above it closes first.
      if (keyOf(event) === 'Escape' && !document.querySelector('dialog[open]')) setSheetOpen(false);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [sheetCovers]);

  const mayDraw = useStore(roomSession.board.store, (state) => state.mayDraw);
  const insert = useCallback(
    (file: Attachment) => {
      rememberFocus();
      if (narrow) setSheetOpen(false);
      setBoardOpen(true);
      void roomSession.board.inserts.insert(file.fileUrl);
    },
    [narrow, rememberFocus, roomSession],
  );
  const closeBoard = () => setBoardOpen(false);
  const toggleBoard = () => {
    rememberFocus();
    setBoardOpen(!boardOpen);
  };
  const shell = useRef<HTMLDivElement>(null);
  useKeptFocus(shell);
  return (
    <div ref={shell} className={styles.shell}>
      <div inert={covered}>
        <TopBar
          roomSession={roomSession}
          preview={preview}
          title={title}
          user={user}
          leaveBy={leaveBy}
          onPeople={() => show('participants')}
          panelOpen={panelOpen}
          onPanel={() => setWideOpen(!wideOpen)}
        />
      </div>
      <ConnectionBanner room={roomSession.room} />
      <div inert={covered}>
        <OtherUserBanner />
        <WaitingBanner control={roomSession.control} />
      </div>
      <div className={styles.rest}>
        <main className={styles.main} data-board={boardOpen && !narrow}>
          <div className={styles.grid} inert={covered}>
            <CallGrid call={roomSession.call} compact={boardOpen && !narrow} />
          </div>
          {boardOpen && (
            <div className={styles.board} inert={sheetCovers}>
              <BoardView board={roomSession.board} onClose={narrow ? closeBoard : undefined} />
            </div>
          )}
          <div className={styles.controls} inert={covered}>
            <CallControls
              call={roomSession.call}
              onLeave={() => leaveBy(onLeave)}
              spaceIsFree={!boardOpen}
              extra={
                <RoomToggles
                  boardOpen={boardOpen}
                  onBoard={toggleBoard}
                  chat={roomSession.chat}
                  onChat={narrow || !panelOpen ? () => show('chat') : undefined}
                />
              }
            />
          </div>
        </main>
        <SidePanel
          roomSession={roomSession}
          guest={user.guest}
          open={panelOpen}
          tab={tab}
          onTab={setTab}
          onInsert={mayDraw ? insert : undefined}
          onClose={narrow ? () => setSheetOpen(false) : undefined}
        />
      </div>
      {question}
      <ToastList toasts={roomSession.toasts} />
      <p className="visually-hidden" aria-live="polite">
        {news}
      </p>
    </div>
  );
}
