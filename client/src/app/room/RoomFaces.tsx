import { useMemo, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { UserProfile } from '../../protocol';
import { FacesContext } from '../../ui';
import { facesOf } from './faces';
import type { Stay } from './stay';

/** Everything within shows the people of the room by their pictures. */
export function RoomFaces({
  stay,
  user,
  children,
}: {
  stay: Stay;
  user: UserProfile;
  children: ReactNode;
}) {
  const participants = useStore(stay.presence.store, (state) => state.participants);
  const members = useStore(stay.members.store, (state) => state.members);
  const faces = useMemo(() => facesOf(members, participants, user), [members, participants, user]);
  return <FacesContext value={faces}>{children}</FacesContext>;
}
