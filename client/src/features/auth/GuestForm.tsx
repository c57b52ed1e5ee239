import { errorMessage, session } from '../../connection';
import type { RoomRef } from '../../protocol';
import { AuthForm } from './AuthForm';
import { validateGuest } from './validation';

/** Into one room without an account. */
export function GuestForm({ room }: { room: RoomRef }) {
  return (
    <AuthForm
      fields={['name']}
      labels={{ name: 'Your name' }}
      button="Continue as guest"
      validate={validateGuest}
      submit={({ name }) => session.guest({ name, roomId: room })}
      errorMessage={(error) =>
        errorMessage(error, {
          forbidden: 'This room takes no guests any more. Please sign in.',
          banned:
            'A moderator keeps newcomers from where you are out of this room for a while. Who has an account and is a member can sign in.',
          rate_limited: 'Too many guests from here.',
        })
      }
    />
  );
}
