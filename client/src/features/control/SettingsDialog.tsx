import { useState } from 'react';
import { useStore } from 'zustand';
import { Dialog, TabPanel, Tabs, type Tab } from '../../ui';
import { AuditLog } from './AuditLog';
import { Bans } from './Bans';
import type { Control } from './control';
import { GeneralSettings } from './GeneralSettings';
import { Members } from './Members';
import { RoomData } from './RoomData';
import styles from './SettingsDialog.module.css';

type Page = 'general' | 'members' | 'bans' | 'log' | 'data';

const tabs: readonly Tab<Page>[] = [
  { id: 'general', label: 'Room' },
  { id: 'members', label: 'Members' },
  { id: 'bans', label: 'Bans' },
  { id: 'log', label: 'Log' },
  { id: 'data', label: 'Data' },
];

/** What moderators decide about a room, and what they can look up. */
export function SettingsDialog({
  control,
  onDeleted,
  onClose,
}: {
  control: Control;
  onDeleted: () => void;
  onClose: () => void;
}) {
  const [page, setPage] = useState<Page>('general');
  const room = useStore(control.roomInfo, (state) => state.room);
  const role = useStore(control.roomInfo, (state) => state.you?.role);
  if (!room) return null;
  const pages: Record<Page, React.ReactNode> = {
    general: <GeneralSettings control={control} room={room} />,
    members: <Members control={control} />,
    bans: <Bans control={control} />,
    log: <AuditLog roomId={room.roomId} />,
    data: <RoomData room={room} owner={role === 'owner'} onDeleted={onDeleted} />,
  };
  return (
    <Dialog title="Room settings" wide onClose={onClose}>
      <div className={styles.tabs}>
        <Tabs label="Settings" tabs={tabs} chosen={page} onChoose={setPage} idPrefix="settings" />
      </div>
      {tabs.map(({ id }) => (
        <TabPanel key={id} id={id} chosen={page} idPrefix="settings" className={styles.page}>
          {id === page && pages[id]}
        </TabPanel>
      ))}
    </Dialog>
  );
}
