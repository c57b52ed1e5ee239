export { ParticipantList } from './ParticipantList';
export { nameOf } from './participants';
export { createPresence, type Presence } from './presence';
