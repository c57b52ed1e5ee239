export { ParticipantList } from './ParticipantList';
export { createPresence, type Presence } from './presence';
