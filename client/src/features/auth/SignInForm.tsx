import { errorMessage, session } from '../../connection';
import { AuthForm } from './AuthForm';
import { validateSignIn } from './validation';

const NO_MATCH = 'Email address and password do not fit together.';

export function SignInForm() {
  return (
    <AuthForm
      fields={['email', 'password']}
      button="Sign in"
      validate={validateSignIn}
      submit={({ email, password }) => session.login({ email, password })}
      errorMessage={(error) =>
        errorMessage(error, {
          unauthorized: NO_MATCH,
          bad_request: NO_MATCH,
          rate_limited: 'Too many tries.',
        })
      }
    />
  );
}
