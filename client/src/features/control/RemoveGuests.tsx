import { useState } from 'react';
import { DoorOpen } from 'lucide-react';
import { useStore } from 'zustand';
import { isModerator } from '../../connection';
import { Button, ConfirmDialog, Field } from '../../ui';
import type { Control } from './control';

/** Sends everyone without an account out at once; for moderators, where there are guests. */
export function RemoveGuests({ control, guests }: { control: Control; guests: number }) {
  const { you } = useStore(control.roomInfo);
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  if (!isModerator(you?.role) || guests === 0) return null;
  return (
    <>
      <Button look="outline" onClick={() => setAsking(true)}>
        <DoorOpen size={17} aria-hidden /> Remove all guests…
      </Button>
      {asking && (
        <ConfirmDialog
          title={guests === 1 ? 'Remove the guest?' : `Remove all ${guests} guests?`}
          yes="Remove"
          onClose={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            void control.removeGuests(reason);
          }}
        >
          <p>
            They have to go now. Whoever has the link may come back, unless you lock the room, close
            it to guests or give it a new link in the settings.
          </p>
          <Field
            label="Reason"
            hint="They read it. It may stay empty."
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </ConfirmDialog>
      )}
    </>
  );
}
