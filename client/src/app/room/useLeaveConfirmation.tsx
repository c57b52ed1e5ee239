import { useState, type ReactNode } from 'react';
import type { Files } from '../../features/files';
import { ConfirmDialog } from '../../ui';

/** Asks for confirmation before the room is left while uploads are running. */
export function useLeaveConfirmation({ uploads }: Files): {
  leaveBy: (way: () => void) => void;
  question: ReactNode;
} {
  const [asked, setAsked] = useState<{ way: () => void; names: string[] } | null>(null);
  const leaveBy = (way: () => void) => {
    const going = uploads.store.getState().uploads.filter(({ status }) => status === 'uploading');
    if (going.length > 0) setAsked({ way, names: going.map(({ name }) => name) });
    else way();
  };
  const question = asked && (
    <ConfirmDialog
      title="Leave before it is uploaded?"
      yes="Leave"
      no="Stay"
      onYes={asked.way}
      onClose={() => setAsked(null)}
    >
      <p>
        {asked.names.length === 1 ? <bdi>{asked.names[0]}</bdi> : `${asked.names.length} uploads`}{' '}
        would break off. You can go on when you come back, for a day.
      </p>
    </ConfirmDialog>
  );
  return { leaveBy, question };
}
