import { accountAttacks } from './accounts.ts';
import { boardAttacks } from './board.ts';
import { connectionAttacks } from './connections.ts';
import { eventAttacks } from './events.ts';
import { fileAttacks } from './files.ts';
import { frameAttacks } from './frames.ts';
import type { Attacks } from './attack.ts';
import { routeAttacks } from './routes.ts';

export const attacks: Attacks = {
  ...boardAttacks,
  ...eventAttacks,
  ...connectionAttacks,
  ...frameAttacks,
  ...accountAttacks,
  ...fileAttacks,
  ...routeAttacks,
};

export const attackNames = Object.keys(attacks);
