import { useState } from 'react';
import { Checkbox, ConfirmDialog, Field, isolated } from '../../ui';
import type { Control } from './control';
import type { Person, Question } from './ModerationItems';

const HOUR_SEC = 3600;

/** Asks before someone has to go, or the room changes hands. */
export function QuestionDialog({
  control,
  person,
  question,
  onClose,
}: {
  control: Control;
  person: Person;
  question: Question;
  onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  const [network, setNetwork] = useState(false);
  if (question === 'handOver') {
    return (
      <ConfirmDialog
        title={`Hand the room to ${isolated(person.name)}?`}
        yes="Hand over"
        onClose={onClose}
        onYes={() => {
          onClose();
          control.setRole(person.userId, 'owner');
        }}
      >
        <p>
          <bdi>{person.name}</bdi> becomes the owner, and you stay as a moderator. Only{' '}
          <bdi>{person.name}</bdi> can give the room back.
        </p>
      </ConfirmDialog>
    );
  }
  const ban = question === 'ban';
  return (
    <ConfirmDialog
      title={ban ? `Ban ${isolated(person.name)}?` : `Remove ${isolated(person.name)}?`}
      yes={ban ? 'Ban' : 'Remove'}
      onClose={onClose}
      onYes={() => {
        onClose();
        control.kick(person.userId, ban, reason, network ? HOUR_SEC : undefined);
      }}
    >
      <p>
        {ban
          ? 'They have to go and cannot come back until a moderator lifts the ban in the settings.'
          : 'They have to go now, and may come back later.'}
      </p>
      <Field
        label="Reason"
        hint="They read it. It may stay empty."
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {ban && (
        <Checkbox
          label="Keep newcomers from their network out for an hour"
          hint="For someone who comes back under another name. Members are not kept out."
          checked={network}
          onChange={setNetwork}
        />
      )}
    </ConfirmDialog>
  );
}
