import { useId, useState } from 'react';
import { api } from '../../connection';
import type { RoomId } from '../../protocol';
import { Avatar, Dialog, TabPanel, Tabs, type Tab } from '../../ui';
import { DayList } from './DayList';
import { Loaded } from './Loaded';
import { Minutes } from './Minutes';
import styles from './FocusStats.module.css';

type View = 'room' | 'everywhere' | 'days';

const views: readonly Tab<View>[] = [
  { id: 'room', label: 'This room' },
  { id: 'everywhere', label: 'All my rooms' },
  { id: 'days', label: 'Day by day' },
];

/** Who has worked how long: here, oneself everywhere, and what else happened here. */
export function FocusStats({ roomId, onClose }: { roomId: RoomId; onClose: () => void }) {
  const [view, setView] = useState<View>('room');
  const idPrefix = useId();
  const panel = { chosen: view, idPrefix };

  return (
    <Dialog title="Focus" onClose={onClose}>
      <Tabs label="Of what" tabs={views} chosen={view} onChoose={setView} idPrefix={idPrefix} />
      <TabPanel id="room" {...panel}>
        <InRoom roomId={roomId} />
      </TabPanel>
      <TabPanel id="everywhere" {...panel}>
        {view === 'everywhere' && <Everywhere />}
      </TabPanel>
      <TabPanel id="days" {...panel}>
        {view === 'days' && <DayList roomId={roomId} />}
      </TabPanel>
    </Dialog>
  );
}

function InRoom({ roomId }: { roomId: RoomId }) {
  const load = () => api.stats(roomId);
  return (
    <Loaded load={load} of={roomId}>
      {({ people }) =>
        people.length === 0 ? (
          <p className={styles.none}>
            No minutes yet. Who is in the room while a focus phase runs gets them written down here.
          </p>
        ) : (
          <ul className={styles.list}>
            {people.map((person) => (
              <li key={person.userId} className={styles.person}>
                <Avatar name={person.name} seed={person.userId} size={36} />
                <Minutes title={person.name} work={person} />
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

function Everywhere() {
  return (
    <Loaded load={api.ownStats} of="me">
      {(work) => (
        <div className={styles.person}>
          <Minutes title="You, in all rooms" work={work} />
        </div>
      )}
    </Loaded>
  );
}
