export { ParticipantList } from './ParticipantList';
export { createPresence, type Presence, type PresenceState } from './presence';
