export { AccountMenu } from './AccountMenu';
export { GuestForm } from './GuestForm';
export { SignInForm } from './SignInForm';
export { SignUpForm } from './SignUpForm';
export { useSession } from './useSession';
