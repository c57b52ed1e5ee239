export { AccountMenu } from './AccountMenu';
export { ComeBackNotice } from './ComeBackNotice';
export { GuestForm } from './GuestForm';
export { Providers } from './Providers';
export { SignInForm } from './SignInForm';
export { SignUpForm } from './SignUpForm';
export { useSession } from './useSession';
