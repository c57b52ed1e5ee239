import { banRaces } from './bans.ts';
import { chatRaces } from './chat.ts';
import { doorRaces } from './doors.ts';
import { guestRaces } from './guests.ts';
import { ownerRaces } from './owners.ts';
import type { Race } from './race.ts';
import { settingsRaces } from './settings.ts';
import { socketRaces } from './sockets.ts';
import { waitingRaces } from './waiting.ts';

export const races: Race[] = [
  ...banRaces,
  ...doorRaces,
  ...guestRaces,
  ...ownerRaces,
  ...settingsRaces,
  ...socketRaces,
  ...chatRaces,
  ...waitingRaces,
];
