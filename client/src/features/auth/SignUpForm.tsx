import { errorMessage, session } from '../../connection';
import { AuthForm } from './AuthForm';
import { browserZone, setZoneOnce } from './timeZone';
import { validateSignUp } from './validation';

export function SignUpForm() {
  return (
    <AuthForm
      fields={['name', 'email', 'newPassword']}
      button="Create account"
      validate={validateSignUp}
      submit={async (typed) => {
        await session.signup(typed);
        void setZoneOnce(browserZone());
      }}
      errorMessage={(error) =>
        errorMessage(error, {
          conflict: 'There is an account with this email address already. Try signing in instead.',
          bad_request: 'The server did not take this. Please check the three fields.',
          rate_limited: 'Too many new accounts from here.',
        })
      }
    />
  );
}
