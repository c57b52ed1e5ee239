export { createTimer, type Timer } from './timer';
export { TimerMenu } from './TimerMenu';
