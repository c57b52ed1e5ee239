export { AccountMenu } from './AccountMenu';
export { comeBackWords } from './comeBack';
export { GuestForm } from './GuestForm';
export { Providers } from './Providers';
export { SignInForm } from './SignInForm';
export { SignUpForm } from './SignUpForm';
export { useSession } from './useSession';
