import { api, session } from '../../connection';
import type { UserProfile } from '../../protocol';

/** Where this browser is. */
export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone to set after a sign-up; none where the person has one, or it is UTC here too. */
export function zoneToSet(user: UserProfile, here: string): string | undefined {
  if (user.guest || user.timeZone !== 'UTC' || here === 'UTC' || here === '') return undefined;
  return here;
}

/** Days of work are counted where the person is; wrong by nobody's choice is not worth a question. */
export async function setZoneOnce(here: string): Promise<void> {
  const state = session.store.getState();
  const timeZone = state.phase === 'signedIn' ? zoneToSet(state.user, here) : undefined;
  if (timeZone === undefined) return;
  await api.patchMe({ timeZone }).then(
    (user) => session.setUser(user),
    // It can be set by hand.
    () => undefined,
  );
}

/** All zones to choose from, the chosen one among them. */
export function zones(chosen: string): string[] {
  const known = Intl.supportedValuesOf('timeZone');
  return [...new Set([chosen, 'UTC', ...known])].sort();
}
